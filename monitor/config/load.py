"""EDGE: reads the configuration folder: every problem of all its files at once."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from monitor.config import checks, reach, sources, telling
from monitor.config.validate import validate
from monitor.config.yaml import Located, load_located
from monitor.errors import ConfigError, Problem
from monitor.match.rulebook import RuleBook, RuleDocument
from monitor.model import Source
from monitor.settings import Settings, SourceEntry, SourcesFile

MONITOR, SOURCES, RULES = "monitor.yaml", "sources.yaml", "rules"
SYSTEM = Path("/etc/monitor")


@dataclass(frozen=True, slots=True)
class Config:
    """A configuration that can be worked with; `problems` holds warnings and what disables single rules."""

    folder: Path
    settings: Settings
    sources: tuple[Source, ...]
    rules: RuleBook
    problems: tuple[Problem, ...]
    files: tuple[Path, ...]

    def database(self, environ: Mapping[str, str]) -> Path:
        """Return where the SQLite file lies: relative to $STATE_DIRECTORY under systemd, else to the configuration."""
        state = environ.get("STATE_DIRECTORY", "").split(":")[0]
        return (Path(state) if state else self.folder) / self.settings.database


def locate(explicit: str | None, *, environ: Mapping[str, str], cwd: Path, system: Path = SYSTEM) -> Path:
    """Find the configuration folder; ConfigError says where it was looked for.

    In this order: `--config` (the folder or its monitor.yaml), $MONITOR_CONFIG, ./config, the current folder if it
    holds monitor.yaml, /etc/monitor.
    """
    for said, name in ((explicit, "--config"), (environ.get("MONITOR_CONFIG"), "MONITOR_CONFIG")):
        if said:
            return _said(cwd / Path(said).expanduser(), name)
    places = (cwd / "config", cwd, system)
    for place in places:
        if (place / MONITOR).is_file():
            return place
    looked = ", ".join(str(place) for place in places)
    hint = "run `monitor init` to write one, or name its folder with --config"
    raise ConfigError([Problem(MONITOR, 0, 0, f"there is no configuration in {looked}", hint)])


def _said(place: Path, name: str) -> Path:
    folder = place.parent if place.is_file() else place
    if (folder / MONITOR).is_file():
        return folder
    hint = f"run `monitor init {folder}` to write one"
    raise ConfigError([Problem(str(folder), 0, 0, f"{name} names a place without {MONITOR}", hint)])


def load(folder: Path, *, kinds: Collection[str] | None = None) -> Config:
    """Read a configuration; ConfigError when monitor.yaml or sources.yaml are unusable, with all problems of all files.

    Rules that are wrong are left out, and stand in `Config.problems`. `kinds` are the kinds of sources that there
    are; by default those of `monitor.parse`.
    """
    config, problems = examine(folder, kinds=kinds)
    if config is None:
        raise ConfigError(problems)
    return config


def examine(
    folder: Path, *, kinds: Collection[str] | None = None, environ: Mapping[str, str] | None = None
) -> tuple[Config | None, tuple[Problem, ...]]:
    """Read a configuration; return it, where it can be used, and all problems in the order of files and lines.

    With `environ` the secrets that cannot be looked up are problems, too.
    """
    draft = _Draft(folder, kinds)
    if environ is not None:
        draft.check_secrets(environ)
    problems = tuple(sorted(set(draft.problems)))
    if draft.settings is None or draft.unusable:
        return None, problems
    files = tuple(path for path in (folder / MONITOR, folder / SOURCES, *draft.rule_files) if path.is_file())
    return Config(folder, draft.settings, draft.sources, draft.rules, problems, files), problems


class _Draft:
    """A configuration while it is read."""

    def __init__(self, folder: Path, kinds: Collection[str] | None) -> None:
        self.folder = folder
        self.essential: list[Problem] = []  # of the two files without which nothing works
        self.others: list[Problem] = []
        self.monitor, self.settings = self._settings()
        self.listed, self.entries, self.sources = self._sources(kinds)
        self.rule_files = tuple(sorted((folder / RULES).glob("[!.]*.yaml")))
        self.rules = self._rules()
        if self.settings is not None and not self.unusable:
            broken = {problem.rule_id for problem in self.others} | _watches(self.rules, self.others)
            self.others += reach.problems(self.settings, self.monitor, self.entries, self.listed)
            self.others += telling.route_problems(
                self.settings, self.monitor, rules=self.rules, sources=self.sources, broken=broken
            )

    @property
    def unusable(self) -> bool:
        return self.settings is None or any(not problem.warning for problem in self.essential)

    @property
    def problems(self) -> list[Problem]:
        return self.essential + self.others

    def check_secrets(self, environ: Mapping[str, str]) -> None:
        """Look up every secret once; an environment variable that is not set is an error."""
        texts = checks.channel_secrets(self.settings) if self.settings else {}
        self.others += checks.secret_problems(texts, self.monitor, environ=environ)
        self.others += checks.secret_problems(checks.source_secrets(self.entries), self.listed, environ=environ)

    def _settings(self) -> tuple[Located, Settings | None]:
        written = self._read(MONITOR)
        settings, located, problems = validate(Settings, written)
        self.essential += problems
        if settings is not None:
            names = _keys_of(written.data, "channels")
            self.essential += checks.settings_problems(settings, located, channels=names)
            self.essential += checks.template_problems(settings, located, self.folder)
        return located, settings

    def _sources(self, kinds: Collection[str] | None) -> tuple[Located, Sequence[SourceEntry], tuple[Source, ...]]:
        listed, located, problems = validate(SourcesFile, self._read(SOURCES))
        self.essential += problems
        if listed is None:
            return located, (), ()
        known = _known_kinds({entry.kind for entry in listed.sources}) if kinds is None else kinds
        built, problems = sources.build(listed.sources, located, kinds=known)
        self.essential += problems
        return located, listed.sources, built

    def _read(self, name: str) -> Located:
        located = load_located(self.folder / name, file=shown(self.folder / name))
        self.essential += located.problems
        return located

    def _rules(self) -> RuleBook:
        documents = []
        for path in self.rule_files:
            located = load_located(path, file=shown(path))
            self.others += located.problems
            if located.readable:
                documents.append(RuleDocument(located.file, located.data, located.where, located.where_key))
        book, problems = RuleBook.compile(documents)
        self.others += problems
        self.others += _unread(self.folder, self.rule_files)
        return book


def _watches(book: RuleBook, problems: Sequence[Problem]) -> set[str]:
    """Return the watches of the files that have problems."""
    wrong = {problem.file for problem in problems}
    files = [one.data for one in book.documents if one.file in wrong and isinstance(one.data, Mapping)]
    return {str(data.get("watch") or "") for data in files}


def _unread(folder: Path, rule_files: Sequence[Path]) -> Iterator[Problem]:
    """Warn of files that look like configuration and are not read."""
    if not rule_files:
        message = f"holds no rules: nothing will match; write {RULES}/*.yaml"
        yield Problem(shown(folder / RULES), 0, 0, message, "see docs/rules.md", True)
    for path in sorted([*folder.glob("*.yml"), *(folder / RULES).glob("*.yml")]):
        yield Problem(shown(path), 0, 0, "is not read", "rename it so that it ends in .yaml", True)


def _keys_of(data: Any, key: str) -> tuple[str, ...]:
    part = data.get(key) if isinstance(data, dict) else None
    return tuple(part) if isinstance(part, dict) else ()


def _known_kinds(used: Collection[str]) -> Collection[str]:
    """Ask the parsers which kinds there are, but only where something else than a feed is used: they cost memory."""
    if set(used) <= {"feed"}:
        return {"feed"}
    from monitor.parse import KINDS

    return set(KINDS)


def shown(path: Path) -> str:
    """Name a file as its user would: relative to the current folder where it lies below it."""
    try:
        return str(path.absolute().relative_to(Path.cwd()))
    except (ValueError, OSError):
        return str(path)
