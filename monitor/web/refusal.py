"""What a view raises instead of an answer: a status, what is wrong, and what to do."""


class Refusal(Exception):
    """Something asked for cannot be had; shown as a page, or as JSON to a program."""

    def __init__(self, status: int, title: str, advice: str = "", *, headers: dict[str, str] | None = None) -> None:
        """Keep the HTTP status, one sentence that says what is wrong, and one that says what to do."""
        super().__init__(title)
        self.status = status
        self.title = title
        self.advice = advice
        self.headers = headers or {}


def not_found(what: str = "this page") -> Refusal:
    """Return the refusal for something that does not exist (any more)."""
    return Refusal(404, f"There is no {what}.", "It may have been pruned or renamed; look for it in the lists.")
