"""``reading.yaml`` to ``Words``: how a language is read; and vocabularies written out."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import re2

from rules.folding import Folding
from rules.load.form import NamesForm, ReadingForm
from rules.load.mentions import compile_mention
from rules.patterns import Misspelt, compile_expanded, expand, options
from rules.rule import Mention, NameWords, Words
from rules.source import Node, Problem

MAX_PATTERNS = 2_000_000
"""Characters of all patterns of a file with their vocabulary written out; ten times what a whole pack has."""

_PLAIN = Folding()
"""Lines are known as quote headers and closings before the language is."""


@dataclass(kw_only=True)
class Context:
    """What compiling needs at hand, and the problems found so far."""

    words: Words
    vocabulary: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list)
    room: int = MAX_PATTERNS
    """Characters of patterns that may still come."""
    prove: bool = True
    """Whether every rule is to match its hits and to miss its misses."""


def read_words(form: ReadingForm, node: Node, problems: list[Problem]) -> tuple[Words, Mapping[str, str]]:
    """How the language is read, compiled, and its vocabulary."""
    folding = Folding(form.spelling, spaced=form.words == "spaced")
    context = Context(words=Words(language=form.language, folding=folding), vocabulary={}, problems=problems)
    context.vocabulary = write_out(form.vocabulary, context, node)
    words = Words(
        language=form.language,
        folding=folding,
        function_words=_lower(form.function_words),
        abbreviations=frozenset(each.lower().rstrip(".") for each in form.abbreviations),
        formal=frozenset(form.formal),
        informal=frozenset(form.informal),
        header_names=frozenset(each.casefold() for each in form.header_names),
        mentions=_mentions(form, node, context),
        names=_names(form, node, context),
        conditions=_union(form.conditions, "conditions", folding, context, node),
        no_conditions=_union(form.no_conditions, "no conditions", folding, context, node),
        breaks=_union(form.breaks, "breaks", folding, context, node),
        quote_headers=_union(form.quote_headers, "quote headers", _PLAIN, context, node, whole=True),
        closings=_union(form.closings, "closings", _PLAIN, context, node, whole=True),
        greetings=_union(form.greetings, "greetings", _PLAIN, context, node, whole=True),
    )
    return words, context.vocabulary


def _lower(words: Iterable[str]) -> frozenset[str]:
    return frozenset(each.lower() for each in words)


def _union(
    patterns: Sequence[str],
    key: str,
    folding: Folding,
    context: Context,
    node: Node,
    *,
    whole: bool = False,
) -> Any:
    """All patterns of one key as one RE2 object; None without any. ``whole``: they span a line."""
    anywhere: list[str] = []
    first: list[str] = []
    for index, pattern in enumerate(patterns):
        try:
            expanded = expand(pattern, context.vocabulary, folding).removesuffix("$")
        except Misspelt as error:
            context.problems.append(node.problem(str(error), [key, index]))
            continue
        (first if expanded.startswith("^") and not whole else anywhere).append(expanded.removeprefix("^"))
    try:
        if whole or not first:
            joined = f"(?:{'|'.join(anywhere)})"
            return compile_expanded(f"^{joined}$" if whole else joined, folding) if anywhere else None
        return _partly_first(anywhere, first, folding)
    except (Misspelt, re2.error) as error:
        context.problems.append(node.problem(str(error), [key]))
        return None


def _partly_first(anywhere: Sequence[str], first: Sequence[str], folding: Folding) -> Any:
    """Patterns that match anywhere, and others that do only where the sentence begins (written with ``^``)."""
    gap, end = (" ", "(?: |$)") if folding.spaced else ("", "")
    choices = [f"{start}(?:{'|'.join(each)})" for start, each in ((gap, anywhere), (f"^{gap}", first)) if each]
    return re2.compile(f"(?:{'|'.join(choices)}){end}".encode(), options())


def write_out(entries: Mapping[str, list[str] | str], context: Context, node: Node) -> dict[str, str]:
    """Each name with its words written out; an entry may use those above it."""
    known = dict(context.vocabulary)
    for name, entry in entries.items():
        alternatives = [entry] if isinstance(entry, str) else entry
        try:
            known[name] = "|".join(expand(each, known, context.words.folding) for each in alternatives)
            re2.compile(f"(?:{known[name]})".encode(), options())
        except Misspelt as error:
            context.problems.append(node.problem(str(error), ["vocabulary", name]))
        except re2.error:
            context.problems.append(node.problem("This is no pattern.", ["vocabulary", name]))
    return known


def _names(form: ReadingForm, node: Node, context: Context) -> NameWords:
    lists: dict[str, tuple[str, ...]] = {}
    for name in NamesForm.model_fields:
        lists[name] = tuple(getattr(form.names, name))
        for index, word in enumerate(lists[name]):
            try:
                re.compile(word)
            except re.error:
                context.problems.append(
                    node.problem("This is no expression.", ["names", name.replace("_", " "), index])
                )
    return NameWords(**lists)


def _mentions(form: ReadingForm, node: Node, context: Context) -> tuple[Mention, ...]:
    found = []
    for index, written in enumerate(form.mentions):
        try:
            found.append(compile_mention(written))
        except Misspelt as error:
            context.problems.append(node.problem(str(error), ["mentions", index]))
    return tuple(found)
