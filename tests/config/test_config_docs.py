"""What the documentation of the configuration shows can be used as it stands."""

import re
from pathlib import Path

import pytest

from monitor.config import examine
from monitor.config.schemas import SCHEMAS
from monitor.config.validate import fields_at
from monitor.settings import Settings, SourceEntry

DOCS = Path(__file__).parents[2] / "docs"
PLACES = ("configuration.md", "sources.md")
EXAMPLES = [
    (page, name, text)
    for page in PLACES
    for name, text in re.findall(r"<!-- (\w+\.yaml) -->\n```yaml\n(.*?)```", (DOCS / page).read_text(), re.DOTALL)
]


def test_there_are_examples() -> None:
    assert {name for _, name, _ in EXAMPLES} == {"monitor.yaml", "sources.yaml"}


@pytest.mark.parametrize(("page", "name", "text"), EXAMPLES, ids=lambda value: str(value)[:20])
def test_an_example_is_valid(page: str, name: str, text: str, tmp_path: Path) -> None:
    for other in ("monitor.yaml", "sources.yaml"):
        (tmp_path / other).write_text(text if other == name else "", encoding="utf-8")
    config, problems = examine(tmp_path)
    assert config is not None
    # The examples name a watch, a rule and a tag that an empty configuration does not have.
    others = [str(one) for one in problems if "is called" not in one.message and "holds no rules" not in one.message]
    assert others == []


def test_every_setting_is_described() -> None:
    text = (DOCS / "configuration.md").read_text()
    for key in fields_at(Settings, ()):
        assert re.search(rf"\b{key}:", text), key
        for inner in fields_at(Settings, (key,)) or fields_at(Settings, (key, 0)):
            assert re.search(rf"\b{inner}:", text) or inner in {"template", "title_template", "enabled"}, inner
    text = (DOCS / "sources.md").read_text()
    for key in SourceEntry.model_fields:
        assert f"{key}:" in text or f"`{key}" in text or key == "kind", key


@pytest.mark.parametrize("name", ["monitor", "sources"])
def test_an_editor_is_told_what_every_setting_is_about(name: str) -> None:
    schema = SCHEMAS[name]()
    parts = {name: schema, **schema["$defs"]}
    keys = {(part, key): told for part, held in parts.items() for key, told in held.get("properties", {}).items()}
    assert ("Quiet", "from") in keys or name == "sources"
    assert [key for key, told in keys.items() if not told.get("description")] == []
