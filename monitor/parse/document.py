"""What a parser gets."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The bytes of one answer, with what is known about them."""

    body: bytes
    url: str  # where it came from: links in it are relative to this
    content_type: str = ""  # the header, verbatim
    known: bytes = b""  # 8-byte hashes of items already read, concatenated; empty = parse everything
    entries_limit: int = 2000

    @property
    def charset(self) -> str:
        """The charset of the content type in small letters, or "" where there is none."""
        for part in self.content_type.split(";")[1:]:
            name, _, value = part.partition("=")
            if name.strip().lower() == "charset":
                return value.strip().strip("\"'").lower()
        return ""
