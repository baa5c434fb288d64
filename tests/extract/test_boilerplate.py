"""Lines of other articles and calls are marked; the article's own text never is."""

import pytest

from monitor.extract.boilerplate import marks, own_text
from monitor.model import Field

OWN = "The brigade left its base on Monday, the ministry said."


def marked(text: str) -> list[tuple[str, str]]:
    return [(mark.kind, text[mark.start : mark.end]) for mark in marks(Field.BODY, text)]


def test_a_headline_in_capitals_between_paragraphs_is_a_crosslink() -> None:
    text = f"{OWN}\n\nTALKS ON GAS PRICES ENTER A THIRD DAY\n\n{OWN}"
    assert marked(text) == [("crosslink", "TALKS ON GAS PRICES ENTER A THIRD DAY")]
    assert own_text(text, marks(Field.BODY, text)) == f"{OWN}\n\n\n\n{OWN}"


@pytest.mark.parametrize(
    "line",
    [
        "Read also: Harvest begins early",
        "READ MORE: Bridge opened",
        "Related:",
        "Also read – A bridge opens",
        "Читайте также: Мост открыт",
        "По теме: мост",
        "Читайте також: Міст відкрито",
        "Чытайце таксама: мост",
        "Czytaj też: Most otwarty",
        "Lesen Sie auch: Brücke",
        "Lire aussi : Le pont",
        "Skaitykite taip pat: Tiltas",
        "Loe ka: Sild",
    ],
)
def test_a_line_that_leads_to_another_article_is_a_crosslink(line: str) -> None:
    assert marked(f"{OWN}\n\n{line}\n\n{OWN}") == [("crosslink", line)]


@pytest.mark.parametrize(
    "line",
    [
        "Click here to read more",
        "Read more",
        "Continue reading...",
        "Subscribe to our newsletter for daily updates",
        "Follow us on Telegram",
        "The post Bridge opens appeared first on Example News.",
        "Comments: 12",
        "12 comments",
        "submitted by /u/someone [link] [comments]",
        "Читать далее",
        "Подробнее на сайте",
        "Подписывайтесь на наш Telegram-канал",
        "Читати далі…",
        "Підписуйтесь на нас у Telegram",
        "Czytaj dalej",
        "Weiterlesen",
    ],
)
def test_a_call_is_boilerplate(line: str) -> None:
    assert marked(f"{OWN}\n\n{line}") == [("boilerplate", line)]


def test_a_call_at_the_end_of_a_paragraph_is_marked_alone() -> None:
    assert marked(f"{OWN} Read more") == [("boilerplate", " Read more")]
    assert marked(f"{OWN} The post A appeared first on B.") == [("boilerplate", "The post A appeared first on B.")]


@pytest.mark.parametrize(
    "text",
    [
        OWN,
        "Read the letter aloud, he told the court, and the clerk did.",
        "Related companies were searched, too.",
        "More on this was promised for Tuesday by the ministry.",
        "Following us on foot for hours, they gave up.",
        "The post office appeared first on the map in 1890.",
        "Subscribe or not, said the editor, the paper goes on.",
        "12 soldiers were wounded.",
        "Recommended downloads: a thriller, a classic and a search for a missing woman.",
        "Subscribe to our channel. The ministry said on Monday that a brigade had left.",
        "Explainer of the year was a teacher from Brest.",
        "Подробности удара выясняются на месте, заявили в министерстве обороны, и это ещё не всё.",
        "ALL OF THIS TEXT SHOUTS AT US\n\nAND IT GOES ON LIKE THIS\n\nUNTIL ITS VERY LAST LINE",
        "MINSK MOVES FORCES TO BORDER\n\n" + OWN,
        f"{OWN}\n\nWHAT WE KNOW\n\n{OWN}",
    ],
)
def test_the_article_itself_is_not_marked(text: str) -> None:
    assert marked(text) == []


def test_titles_are_never_marked() -> None:
    assert marks(Field.TITLE, "Read more") == ()
