"""The scores, against their formulas written out."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.story.judging import BadLine, clusters_of, pairs_of
from monitor.story.metrics import Measure, bcubed, joined, pairwise

GROUPS = st.dictionaries(st.sampled_from("abcdefgh"), st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1)


@given(GROUPS)
def test_bcubed_is_the_mean_over_articles(both: dict[str, tuple[int, int]]) -> None:
    truth, found = ({one: pair[side] for one, pair in both.items()} for side in (0, 1))

    def mean(inside: dict[str, int], right: dict[str, int]) -> float:
        shares = []
        for one in inside:
            group = [other for other in inside if inside[other] == inside[one]]
            shares.append(sum(right[other] == right[one] for other in group) / len(group))
        return sum(shares) / len(shares)

    measured = bcubed(truth, found)
    assert measured.precision == pytest.approx(mean(found, truth))
    assert measured.recall == pytest.approx(mean(truth, found))


@given(GROUPS)
def test_pairs_are_counted_as_if_each_were_looked_at(both: dict[str, tuple[int, int]]) -> None:
    truth, found = ({one: pair[side] for one, pair in both.items()} for side in (0, 1))
    true = {pair for pair in combinations(sorted(both), 2) if truth[pair[0]] == truth[pair[1]]}
    made = {pair for pair in combinations(sorted(both), 2) if found[pair[0]] == found[pair[1]]}
    measured = pairwise(truth, found)
    assert measured.precision == pytest.approx(len(true & made) / len(made) if made else 1.0)
    assert measured.recall == pytest.approx(len(true & made) / len(true) if true else 1.0)


def test_related_pairs_change_neither_precision_nor_recall() -> None:
    pairs = [("same", "a", "b"), ("same", "a", "c"), ("different", "a", "d"), ("related", "a", "e")]
    found = dict.fromkeys("abde", 1) | {"c": 2}
    counted = joined(pairs, found)
    assert counted.same == Measure(precision=0.5, recall=0.5)
    assert counted.joined["related"] == 1
    assert counted.of == {"same": 2, "different": 1, "related": 1}


def test_f1_is_the_harmonic_mean() -> None:
    assert Measure(0.5, 1.0).f1 == pytest.approx(2 / 3)
    assert Measure(0.0, 0.0).f1 == 0.0


def test_both_kinds_of_clusters_are_read() -> None:
    rows = [
        {"cluster": "x", "id": "1", "title": "Dredger sinks at Ploce"},
        {
            "cluster": "y",
            "date": "2022-05-10T14:03:00Z",
            "members": [{"title": "Tram fares"}, {"title": "Trams dearer"}],
        },
        {"cluster": "z", "overlaps_earlier_cluster": True, "members": [{"title": "Tram fares"}]},
    ]
    read = clusters_of(rows)
    assert sorted(read.truth.values()) == ["x", "y", "y"]
    assert read.left_out == 1
    assert {article.published_at for article in read.articles.values()} == {0.0, 1652191380.0}


@pytest.mark.parametrize(
    "row",
    [
        {"label": "alike", "a": {"title": "x"}, "b": {"title": "y"}},
        {"label": "same", "a": {"title": "x"}},
        {"label": "same", "a": {"title": "x"}, "b": {}},
        {"label": "same", "a": {"title": "x", "date": "yesterday"}, "b": {"title": "y"}},
    ],
)
def test_a_line_that_is_no_pair_is_told_with_its_number(row: dict[str, object]) -> None:
    good = {"label": "same", "a": {"title": "x"}, "b": {"title": "y"}}
    with pytest.raises(BadLine, match="line 2: "):
        pairs_of([good, row])


@pytest.mark.parametrize(
    "row",
    [
        {"title": "no cluster"},
        {"cluster": "x"},
        {"cluster": "x", "members": "y"},
        {"cluster": "x", "members": ["y"]},
        {"cluster": "x", "members": [{"publisher": "y"}]},
    ],
)
def test_a_line_that_is_no_cluster_is_told_with_its_number(row: dict[str, object]) -> None:
    with pytest.raises(BadLine, match="line 1: "):
        clusters_of([row])
