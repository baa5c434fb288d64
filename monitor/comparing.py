"""What a changed rules file is compared with: the live rules of the same ids, and why a hit of theirs is lost."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from monitor.backtest import Plan, book_of
from monitor.config.yaml import Located
from monitor.errors import ConfigError
from monitor.match.backtest import Sample, differing, exchanged, ids_of, without
from monitor.match.rulebook import RuleBook, RuleDocument
from monitor.model import Source


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two wordings of the rules."""

    before: tuple[RuleDocument, ...]
    after: tuple[RuleDocument, ...]
    rules: tuple[str, ...]  # ids of those that differ
    before_ids: tuple[str, ...]  # the rules that there were before
    unchanged: tuple[str, ...]  # rules of the changed files that say the same as before
    in_files: tuple[str, ...]  # all rules of the changed files


def document_of(located: Located) -> RuleDocument:
    """Return what was read as a rules file; ConfigError where it cannot be."""
    if wrong := [one for one in located.problems if not one.warning]:
        raise ConfigError(wrong)
    return RuleDocument(located.file, located.data, located.where, located.where_key)


def compared(
    live: Sequence[RuleDocument], changed: Sequence[RuleDocument], old: Sequence[RuleDocument] = ()
) -> Comparison:
    """Compare changed files with the live ones, of which `old` ones may have taken the place; ConfigError if wrong."""
    base, whole = exchanged(live, old), exchanged(without(live, old), changed)
    before, known = RuleBook.compile(base)
    if wrong := [one for one in known if not one.warning and one.file in {document.file for document in old}]:
        raise ConfigError(wrong)
    after, problems = RuleBook.compile(whole)
    if wrong := [one for one in problems if one not in known and not one.warning]:
        raise ConfigError(wrong)
    rules = differing(before, after)
    in_files = tuple(id for document in changed for id in ids_of(document))
    unchanged = tuple(id for id in in_files if id not in rules)
    return Comparison(base, whole, rules, tuple(rule.id for rule in before.rules), unchanged, in_files)


def explainer(plan: Plan) -> Callable[[Sample], str]:
    """Return what says of a sample why the changed rule does not hit it."""
    book = book_of(plan.after, plan.rules)

    def explain(sample: Sample) -> str:
        article = sample.article
        source = plan.sources.get(article.source_id) or Source(id=article.source_id, url="")
        told = book.explain(article, source, now=article.seen_at)
        return next((one.text() for one in told if one.rule_id == sample.hit.rule_id), "the rule is gone, or disabled")

    return explain
