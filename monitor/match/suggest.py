"""Which words tell the wrong hits of a rule from the right ones: a small, explained statistic; no effects.

Of every word and pair of neighbouring words it is counted in how many of the N wrong and the M right articles it
stands. If it had nothing to do with right and wrong, then how its articles are spread over the two would be a draw
without replacement, and Fisher's exact test (R. A. Fisher, "The Logic of Inductive Inference", 1935; A. Agresti,
"Categorical Data Analysis", section 3.5) gives the chance of a spread as uneven as this one or more so. It is exact
for the handful of marks that a person makes, where chi-square and log-odds lean on large numbers. Words whose chance
is above `CHANCE` are left out; so are words that stand in a large share of other news, since they speak of no subject.

The chance is that of one word. Many are looked at, so some of those shown will be there by luck: they are
suggestions, to be read with the example beside them.

What remains is counted again by the matcher itself, as the term that would be written, so that the figures are those
that the changed rule would have on the marked articles.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import comb

from monitor.match.compiler import RuleDocument
from monitor.match.lexicon import Lexicon
from monitor.match.own import OwnTerms
from monitor.match.rulebook import RuleBook
from monitor.match.text import Part, Text
from monitor.model import Article, Source

FEWEST = 3  # marks of each kind below which nothing can be told
CHANCE = 0.05  # at most
LOOSE = 0.2  # chance up to which a word is counted again: the matcher may find it in more articles, inflected
COMMON = 0.1  # share of other articles above which a word says nothing about a subject
BACKGROUND = 50  # other articles below which that cannot be said
TRIED = 60  # words that the matcher counts again
SHORTEST = 3  # letters of a word alone, in scripts that have letters
Words = frozenset[str]
NO_OWN = OwnTerms()


@dataclass(frozen=True, slots=True)
class Marked:
    """An article that a rule hit, and whether that was right."""

    article: Article
    source: Source
    right: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A term that tells wrong from right, and what the rule would be with it, on the marked hits alone."""

    term: str
    also: tuple[str, ...]  # terms that stand in exactly the same articles
    excludes: bool  # it stands in wrong hits and is for `not`; else it stands in right ones and could be required
    wrong: int  # of the wrong articles, in so many
    right: int
    chance: float  # that a term which tells nothing is spread as unevenly
    precision: float  # share of right ones among the hits that would be left
    kept: int  # right hits that would be left
    example: str  # headline of one of its articles
    own: str = ""  # where the rule itself looks for it: to exclude it would leave that term no find


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestions:
    """What could be added to a rule; nothing where there are too few marks."""

    wrong: int  # marked articles
    right: int
    exclude: tuple[Suggestion, ...] = ()  # to be added to `not`, the most telling first
    require: tuple[Suggestion, ...] = ()  # one of which could be required
    together: tuple[int, int] = (0, 0)  # right and wrong hits left if all of `exclude` were added but its own terms

    @property
    def enough(self) -> bool:
        """Whether there are marks enough to tell anything."""
        return min(self.wrong, self.right) >= FEWEST

    @property
    def precision(self) -> float:
        """Share of right ones among the marked hits."""
        return _share(self.right, self.wrong)


def suggest(
    marked: Sequence[Marked], background: Iterable[Article] = (), *, most: int = 10, own: OwnTerms = NO_OWN
) -> Suggestions:
    """Return the terms that tell the wrong hits of a rule from its right ones; `background` is news of any kind.

    `own` are the terms that the rule itself looks for.
    """
    wrong = [one for one in marked if not one.right]
    right = [one for one in marked if one.right]
    found = Suggestions(wrong=len(wrong), right=len(right))
    if not found.enough:
        return found
    spread = _spread(wrong, right)
    ids = {one.article.id for one in marked}
    common = _common((article for article in background if article.id not in ids), spread)
    wanted = {
        term: chance
        for term, (n, m) in spread.items()
        if term not in common and (chance := unevenness(n, len(wrong), m, len(right))) <= LOOSE
    }
    chosen = sorted(wanted, key=lambda term: (wanted[term], len(term.split()), term))[:TRIED]
    exact = _counted(chosen, marked)
    listed = [one for one in _listed(exact, wrong, right, own) if one.chance <= CHANCE]
    listed.sort(key=lambda one: (one.chance, one.term))
    exclude = tuple([one for one in listed if one.excludes][:most])
    require = tuple([one for one in listed if not one.excludes][:most])
    added = [term for term in exclude if not term.own]
    left = [one for one in marked if not any(one.article.id in exact[term.term] for term in added)]
    together = (sum(one.right for one in left), sum(not one.right for one in left))
    return replace(found, exclude=exclude, require=require, together=together)


def unevenness(wrong: int, of_wrong: int, right: int, of_right: int) -> float:
    """Return the chance of a spread at least so uneven, by Fisher's exact test towards the side that it leans to.

    A term stands in `wrong` of `of_wrong` and in `right` of `of_right` articles.
    """
    if wrong * of_right < right * of_wrong:
        wrong, of_wrong, right, of_right = right, of_right, wrong, of_wrong
    total = wrong + right
    ways = sum(comb(of_wrong, n) * comb(of_right, total - n) for n in range(wrong, min(total, of_wrong) + 1))
    return ways / comb(of_wrong + of_right, total)


# --- words -----------------------------------------------------------------------------------------------------------


def words_of(article: Article) -> Words:
    """Return the words and pairs of neighbouring words of an article, folded; pairs never go over sentence ends."""
    text = Text(article, Source(id=article.source_id, url=""), now=0.0, lexicon=Lexicon())
    found = {word for part in text.parts for word in part.tokens.words if _says_something(word)}
    return frozenset(found.union(*map(_pairs, text.parts)))


def _pairs(part: Part) -> set[str]:
    begins = set(part.tokens.sentences)
    together = enumerate(pairwise(part.tokens.words), 1)
    return {f"{one} {two}" for place, (one, two) in together if place not in begins and not _letter(one, two)}


def _letter(*words: str) -> bool:
    """Tell whether one of the words is a mere letter, such as what an apostrophe leaves."""
    return any(len(word) == 1 and word.isascii() for word in words)


def _says_something(word: str) -> bool:
    return not word.isdigit() and (len(word) >= SHORTEST or not word.isascii())


def _spread(wrong: Iterable[Marked], right: Iterable[Marked]) -> dict[str, tuple[int, int]]:
    """Return in how many wrong and right articles each word stands."""
    spread: dict[str, tuple[int, int]] = {}
    for one in (*wrong, *right):
        for word in words_of(one.article):
            n, m = spread.get(word, (0, 0))
            spread[word] = (n, m + 1) if one.right else (n + 1, m)
    return spread


def _common(background: Iterable[Article], words: Mapping[str, object]) -> set[str]:
    """Return those words that stand in a large share of other articles."""
    seen: dict[str, int] = {}
    articles = 0
    for article in background:
        articles += 1
        for word in words_of(article) & words.keys():
            seen[word] = seen.get(word, 0) + 1
    return {word for word, number in seen.items() if number > COMMON * articles} if articles >= BACKGROUND else set()


# --- terms -----------------------------------------------------------------------------------------------------------


def _counted(terms: Sequence[str], marked: Iterable[Marked]) -> dict[str, frozenset[str]]:
    """Return in which of the articles the matcher finds each term; one that cannot be written as a term in none."""
    rules = [{"id": f"term-{number}", "match": [term]} for number, term in enumerate(terms)]
    book, _ = RuleBook.compile([RuleDocument("suggested", {"rules": rules}, lambda _: (0, 0))])
    found: dict[str, set[str]] = {term: set() for term in terms}
    for one in marked:
        for hit in book.match(one.article, one.source, now=one.article.seen_at):
            found[terms[int(hit.rule_id.removeprefix("term-"))]].add(one.article.id)
    return {term: frozenset(articles) for term, articles in found.items()}


def _listed(
    exact: Mapping[str, frozenset[str]], wrong: Sequence[Marked], right: Sequence[Marked], own: OwnTerms
) -> list[Suggestion]:
    """Return one suggestion for all terms that stand in the same articles: for the shortest that is not its own."""
    alike: dict[frozenset[str], list[str]] = {}
    for term, articles in exact.items():
        alike.setdefault(articles, []).append(term)
    return [_suggestion(terms, articles, wrong, right, own) for articles, terms in alike.items() if articles]


def _suggestion(
    terms: Sequence[str], articles: frozenset[str], wrong: Sequence[Marked], right: Sequence[Marked], own: OwnTerms
) -> Suggestion:
    places = {term: own.of_word(term) for term in terms}
    first, *others = sorted(terms, key=lambda term: (bool(places[term]), len(term.split()), -len(term), term))
    n = sum(one.article.id in articles for one in wrong)
    m = sum(one.article.id in articles for one in right)
    excludes = n * len(right) > m * len(wrong)
    example = next(
        one.article.title for one in (*wrong, *right) if one.article.id in articles and one.right != excludes
    )
    return Suggestion(
        term=first,
        also=tuple(term for term in others if places[first] or not places[term]),
        excludes=excludes,
        wrong=n,
        right=m,
        chance=unevenness(n, len(wrong), m, len(right)),
        precision=_share(len(right) - m, len(wrong) - n) if excludes else _share(m, n),
        kept=len(right) - m if excludes else m,
        example=example,
        own=places[first] if excludes else "",
    )


def _share(right: int, wrong: int) -> float:
    return right / (right + wrong) if right + wrong else 0.0
