"""What counts of all that people did about a story."""

import pytest

from monitor.alert.handling import Standing, standing
from monitor.model import Handled

NOW = 1_790_000_000.0


def did(what: str, until: float | None = None) -> Handled:
    return Handled(story_id="s1", what=what, by="ann", at=NOW - 10, until=until)


@pytest.mark.parametrize(
    ("done", "counts"),
    [
        ([], Standing()),
        ([did("acknowledged")], Standing(acknowledged=did("acknowledged"))),
        ([did("muted")], Standing(muted=did("muted"))),
        ([did("muted", NOW + 1)], Standing(muted=did("muted", NOW + 1))),
        ([did("muted", NOW)], Standing()),
        ([did("muted"), did("muted", NOW - 1)], Standing()),
        ([did("muted"), did("acknowledged")], Standing(did("acknowledged"), did("muted"))),
        ([did("muted"), did("acknowledged"), did("unmuted")], Standing()),
        ([did("unmuted"), did("acknowledged")], Standing(acknowledged=did("acknowledged"))),
    ],
)
def test_the_last_word_of_each_kind_counts(done: list[Handled], counts: Standing) -> None:
    assert standing(done, NOW) == counts
