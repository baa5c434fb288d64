"""The sample of all articles: what it learns, follows and forgets."""

from hypothesis import given
from hypothesis import strategies as st

from monitor.story.background import Background
from monitor.story.features import features
from monitor.story.rarity import Rarity
from tests.story.story_builders import article

TITLES = ("Ferry sinks off Kotor", "Fire at Zenica steelworks", "Tram fares go up in Sibiu")


def heard(rarity: Rarity) -> tuple[int, dict[str, int]]:
    return rarity.articles, dict(rarity.heard)


def test_an_article_counts_for_those_it_stands_for() -> None:
    rarity = Rarity()
    before = rarity["kotor"]
    Background(rarity, one_in=16).add(1.0, features(article("a", TITLES[0])))
    assert rarity.articles == rarity.heard["kotor"] == 16
    assert rarity["kotor"] < before < rarity["zenica"]  # what it does not name is rarer than was thought


def test_an_edit_replaces_what_was_learnt() -> None:
    edited, fresh = Rarity(), Rarity()
    sample = Background(edited)
    sample.add(1.0, features(article("a", TITLES[0])))
    sample.add(9.0, features(article("a", TITLES[1])))
    Background(fresh).add(1.0, features(article("a", TITLES[1])))
    assert heard(edited) == heard(fresh)
    assert "a" in sample
    sample.expire(2.0)  # it is as old as it was
    assert "a" not in sample


@given(
    st.lists(
        st.one_of(
            st.tuples(st.integers(0, 5), st.sampled_from(TITLES)),
            st.integers(-3, 40),
        ),
        max_size=40,
    )
)
def test_it_knows_the_newest_few_and_nothing_else(steps: list[tuple[int, str] | int]) -> None:
    rarity, kept, now = Rarity(), dict[str, tuple[float, str]](), 0.0
    sample = Background(rarity, one_in=4, most=3)
    for step in steps:
        if isinstance(step, int):
            sample.expire(float(step))
            kept = {name: one for name, one in kept.items() if one[0] >= step}
            continue
        now += 1.0
        name, title = str(step[0]), step[1]
        sample.add(now, features(article(name, title)))
        kept[name] = (kept[name][0] if name in kept else now, title)
        if len(kept) > 3:
            del kept[min(kept, key=lambda one: kept[one][0])]
    expected = Rarity()
    for name, (_, title) in kept.items():
        Background(expected, one_in=4).add(0.0, features(article(name, title)))
    assert heard(rarity) == heard(expected)
    assert all(name in sample for name in kept)
