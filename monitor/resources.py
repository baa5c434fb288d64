"""EDGE: finds the files that are shipped with the program, in a wheel (`monitor/_data/`) and in a checkout."""

from pathlib import Path

from monitor.errors import UsageError

_PACKAGE = Path(__file__).parent


def seeds() -> Path:
    """Return the folder with the starter rules and the demo feeds."""
    return _shipped("seeds")


def starter() -> Path:
    """Return the folder with the starter configuration."""
    return _shipped("config")


def units() -> Path:
    """Return the folder with the systemd units and the installation script."""
    return _shipped("deploy")


def _shipped(name: str) -> Path:
    for place in (_PACKAGE / "_data" / name, _PACKAGE.parent / name):
        if place.is_dir():
            return place
    raise UsageError(f"the folder {name!r} that belongs to this program is missing; install it again")
