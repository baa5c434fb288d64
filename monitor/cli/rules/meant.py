"""What the words of a command mean: a rules file, or something of the configuration."""

from pathlib import Path
from typing import TYPE_CHECKING

from monitor.cli import console
from monitor.errors import ConfigError

if TYPE_CHECKING:
    from monitor.config import Config


def is_file(word: str) -> bool:
    """Tell whether a word names a rules file rather than a rule."""
    return word.endswith((".yaml", ".yml")) or "/" in word or Path(word).is_file()


def configuration(config: str | None, *, needed: bool) -> "Config | None":
    """Return the configuration; None where there is none and files say all that must be known."""
    from monitor.config import load

    try:
        folder = console.folder(config)
    except ConfigError:
        if needed or config or console.chosen.config:
            raise
        return None
    return load(folder)
