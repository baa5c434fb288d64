"""What a service can show, and what is handed to it."""

from dataclasses import dataclass
from typing import Literal

Format = Literal["text", "markdown", "html", "json"]  # json: for a program, without templates
# By which title a service puts messages together: "Re: " and the first one's, the first one's itself, by none.
Together = Literal["reply", "topic", ""]


@dataclass(frozen=True, slots=True)
class Shape:
    """What one target takes: a format, and how many characters of title and body (0 = it has no title)."""

    format: Format = "text"
    title_max: int = 200
    body_max: int = 4000
    thread: Together = ""
    styled: bool = False  # a mail: HTML may have colours and sizes
    files: bool = False  # it takes attachments
    inline: bool = False  # a mail in which attached pictures can be shown between the words


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a message."""

    name: str  # ASCII letters, digits, dots and hyphens
    mime: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Message:
    """A rendered alert."""

    title: str  # plain text, one line; "" where the service has no titles
    body: str
    format: Format
    problem: str = ""  # what was wrong with the user's template, so that the built-in one was used
    attachments: tuple[Attachment, ...] = ()
    bare: "Message | None" = None  # the same without files, where the service refuses them
