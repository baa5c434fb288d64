"""`/theme`: light, dark, or as the reader's system has it; a cookie remembers it, so it works without a script."""

from starlette.responses import Response

from monitor.web.ask import THEMES, Ask
from monitor.web.refusal import Refusal


def theme(ask: Ask) -> Response:
    """Keep the choice and go back to where it was made."""
    chosen = str(ask.form.get("theme", ""))
    if chosen not in THEMES:
        raise Refusal(400, "There is no such theme.", "Choose auto, light or dark.")
    answer = ask.redirect(ask.back(ask.url("start")))
    if chosen == "auto":
        answer.delete_cookie("theme")
    else:
        lasts, secure = 400 * 86400, ask.site.access.is_https
        answer.set_cookie("theme", chosen, max_age=lasts, httponly=True, samesite="lax", secure=secure)
    return answer
