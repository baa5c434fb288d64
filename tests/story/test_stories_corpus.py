"""How right the stories are on what people labelled: the goals that were reached are held."""

import os
from pathlib import Path

import pytest

from monitor.cli.stories.score import of_clusters, of_pairs, read_lines

CORPUS = os.environ.get("MONITOR_CORPUS", "")
CLUSTERS = Path(CORPUS) / "clusters"
pytestmark = pytest.mark.skipif(
    not CORPUS or not CLUSTERS.exists(), reason="MONITOR_CORPUS names no corpus with clusters/"
)


def test_hand_labelled_pairs() -> None:
    found = of_pairs(read_lines(CLUSTERS / "pairs-labelled.jsonl"))
    assert found["same"]["precision"] >= 0.90
    assert found["same"]["recall"] >= 0.85
    assert found["pairs"]["related"]["joined"] <= found["pairs"]["related"]["of"] / 2


def test_ecb_plus() -> None:
    assert of_clusters(read_lines(CLUSTERS / "ecbplus-topics-1-10.jsonl"))["bcubed"]["f1"] >= 0.80


def test_groups_of_google_news() -> None:
    found = of_clusters(read_lines(CLUSTERS / "google-news-stories-sample.jsonl"))["bcubed"]
    assert found["precision"] >= 0.95
    assert found["f1"] >= 0.80
