"""`monitor stories score`, as a user calls it."""

import gzip
import json
from pathlib import Path

import pytest

from monitor.cli import execute

PAIR = {
    "label": "same",
    "a": {"id": "a", "title": "Ferry Aurelia sinks in the Bay of Kotor", "date": "2022-05-10T14:00:00Z"},
    "b": {"id": "b", "title": "Bay of Kotor: divers reach the sunken ferry Aurelia", "date": "2022-05-10T16:00:00Z"},
}
FAR = {"label": "different", "a": PAIR["a"], "b": {"id": "c", "title": "Tram fares go up in Sibiu"}}


def write(path: Path, *rows: object) -> str:
    path.write_text("\n".join(json.dumps(row) for row in rows) + "\n", encoding="utf-8")
    return str(path)


def test_pairs_are_scored_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["stories", "score", "--pairs", write(tmp_path / "pairs.jsonl", PAIR, FAR), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["same"] == {"precision": 1.0, "recall": 1.0, "f1": 1.0}
    assert found["pairs"]["different"] == {"joined": 0, "of": 1}


def test_packed_clusters_are_scored_as_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [{"cluster": "1", **PAIR["a"]}, {"cluster": "1", **PAIR["b"]}, {"cluster": "2", **FAR["b"]}]  # type: ignore[dict-item]
    path = tmp_path / "clusters.jsonl.gz"
    path.write_bytes(gzip.compress("\n".join(map(json.dumps, rows)).encode()))
    assert execute(["stories", "score", "--clusters", str(path)]) == 0
    said = capsys.readouterr().out
    assert "3 articles of 2 events" in said
    assert "B-cubed" in said


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "is empty"),
        ("{", "line 1 is not JSON"),
        ("[]", "line 1 is no object"),
        ('{"label": "x"}', "line 1: a pair"),
    ],
)
def test_a_bad_file_is_one_message(tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, told: str) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_text(content)
    assert execute(["stories", "score", "--pairs", str(path)]) == 2
    said = capsys.readouterr()
    assert told in said.err
    assert not said.out


def test_it_must_be_said_what_to_score(capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["stories", "score"]) == 2
    assert "--pairs" in capsys.readouterr().err
