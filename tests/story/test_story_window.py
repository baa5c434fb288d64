"""The index over the window: what is asked costs a bounded time."""

from monitor.story.features import features
from monitor.story.window import MOST_CANDIDATES, POSTED, Window
from tests.story.story_builders import HOUR, article


def full(number: int) -> Window:
    window = Window(72 * HOUR)
    for one in range(number):
        window.put(features(article(f"a{one}", f"Dredger Merope at Ploce quay {one + 100}", "Tugs came.", url="u")))
    return window


def test_an_article_is_compared_with_few_however_many_are_alike() -> None:
    window = full(POSTED * 3)
    asked = features(article("asked", "Dredger Merope leaves Ploce", "Tugs came.", url="u"))
    window.put(asked)
    for found in (window.candidates(asked), window.same_words(asked), window.same_url(asked)):
        assert len(found) <= MOST_CANDIDATES
        assert asked not in found
    assert window.candidates(asked)
    assert max(map(len, window._terms.values())) <= POSTED


def test_the_article_that_shares_the_rarest_words_is_among_the_few() -> None:
    window = full(POSTED * 3)
    twin = features(article("twin", "Dredger Merope rammed by the trawler Halcyone", "Skipper Radic was drunk."))
    asked = features(article("asked", "Skipper Radic of Halcyone admits to drink", "Merope was rammed."))
    window.put(twin)
    window.put(asked)
    assert window.candidates(asked)[0] is twin


def test_an_article_that_is_put_again_is_counted_once() -> None:
    window = full(3)
    counts = dict(window.rarity.counts)
    window.put(features(article("a1", "Dredger Merope at Ploce quay 101", "Tugs came.", url="u")))
    assert window.rarity.counts == counts
    assert window.rarity.articles == 3


def test_a_term_is_rarer_the_fewer_articles_have_it() -> None:
    rarity = full(50).rarity
    assert rarity["merop"] < rarity["100"] < rarity["unheard"]


def test_words_of_every_days_news_count_little_before_anything_is_learnt() -> None:
    rarity = Window(HOUR).rarity
    assert rarity["russia"] < rarity["merop"] / 2
