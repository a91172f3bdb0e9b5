"""Rules that are legal but suspicious. What is told here is a warning: they work, though hardly as they are meant.

A rule without hits or misses, or one that does not keep to them, is a mistake and no suspicion: loading refuses it.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from rules.judge.evidence import Findings, find
from rules.judge.weighing import Circumstances, meaning_of
from rules.load import Cue, Rule, Rulebook, Weight, Words
from rules.reading import Reading
from rules.reading.sentences import split
from rules.rule import Pattern, Where
from rules.source import Problem
from rules.verdict import Meaning

_NONSENSE = "xq zvv wkx jqy vxw qzk kjx"
"""Words of no language: a pattern that matches them matches any words."""
_LONG = 14
"""Letters of a word that may still be any word."""
_SHOWN = 60
"""Characters of an example that a warning repeats."""


def lint(rulebook: Rulebook, files: Collection[str] | None = None) -> tuple[Problem, ...]:
    """Everything suspicious about the rules in force, tone rules included, in the order of the files' lines.

    With ``files`` only about the rules that stand in those: a user's file is looked at in a moment, all the packs in
    some ten seconds.
    """
    found: list[Problem] = []
    for rules, languages in _groups(rulebook):
        for rule in _standing_in(rules, files):
            found += _too_wide(rule, languages)
            found += _too_short(rule, languages)
        found += _twice(rules)
    decisive = [rule for rule in rulebook.rules if _decisive(rule)]
    read = {rule: [_read(hit, rule, rulebook) for hit in rule.hits] for rule in _standing_in(decisive, files)}
    found += [*_shadowed(read, decisive), *_contradicted(read), *_namesakes(rulebook)]
    wanted = (each for each in found if files is None or each.file in files)
    return tuple(sorted(wanted, key=lambda each: (each.file, each.line, each.column)))


def _standing_in(rules: Iterable[Rule], files: Collection[str] | None) -> list[Rule]:
    return [rule for rule in rules if files is None or rule.file in files]


def _groups(rulebook: Rulebook) -> Iterator[tuple[Sequence[Rule], Sequence[Words]]]:
    """Rules that run together, and the languages they run on."""
    for pack in rulebook.packs.values():
        yield pack.rules, (pack.words,)
        yield pack.lessons, (pack.words,)
        yield pack.tone, (pack.words,)
    yield rulebook.own, rulebook.words


def _decisive(rule: Rule) -> bool:
    """Whether one hit of the rule is enough to tell what the mail means."""
    return isinstance(rule.says, Meaning) and rule.weight is Weight.DECISIVE


def _too_wide(rule: Rule, languages: Sequence[Words]) -> Iterator[Problem]:
    for pattern in (*rule.any_of, *rule.all_of):
        if _matches(pattern, _NONSENSE, languages):
            yield _at(pattern, rule, "This pattern matches any words. Name at least one.")


def _too_short(rule: Rule, languages: Sequence[Words]) -> Iterator[Problem]:
    """A word that stands in most mails, or one word alone, is little to rest a decision on."""
    if rule.weight is Weight.WEAK:
        return
    for pattern in rule.any_of:
        if _matches(pattern, _NONSENSE, languages):
            continue
        common = [word for words in languages for word in sorted(words.function_words)]
        if word := _alone(pattern, common, languages):
            yield _at(pattern, rule, f"The word “{word}” alone matches this pattern, and it stands in most mails.")
        elif _decisive(rule) and (word := _alone(pattern, _short_words(rule), languages)):
            yield _at(pattern, rule, f"The word “{word}” alone decides here. Name who does what, or weigh it less.")


def _alone(pattern: Pattern, vocabulary: Iterable[str], languages: Sequence[Words]) -> str | None:
    """The first word that the pattern matches by itself. Where it must begin or end something, it tells more."""
    if pattern.where is Where.SUBJECT or pattern.expanded.startswith("^") or pattern.expanded.endswith("$"):
        return None
    return next((word for word in vocabulary if _matches(pattern, word, languages)), None)


def _short_words(rule: Rule) -> list[str]:
    """The words of its hits but the long ones, which are phrases in languages that join their words."""
    return [word for hit in rule.hits for word in re.findall(r"\w+", hit) if len(word) <= _LONG]


def _matches(pattern: Pattern, text: str, languages: Sequence[Words]) -> bool:
    return any(pattern.regex.search(words.folding.fold([text])[0]) for words in languages)


def _twice(rules: Iterable[Rule]) -> Iterator[Problem]:
    """The same pattern in rules that say the same under the same conditions: its words count once all the same."""
    seen: dict[object, tuple[Rule, Pattern]] = {}
    for rule in rules:
        guards = tuple((guard.where, guard.expanded) for guard in (*rule.all_of, *rule.none_of))
        for pattern in rule.any_of:
            key = (rule.says, rule.conditional, guards, pattern.where, pattern.expanded)
            first, earlier = seen.setdefault(key, (rule, pattern))
            if earlier is not pattern:
                yield _at(pattern, rule, f"The same pattern stands in {first.name} already, on line {earlier.line}.")


def _read(hit: str, rule: Rule, rulebook: Rulebook) -> Findings:
    """What all rules find in a hit, taken for a whole mail."""
    abbreviations = frozenset[str]().union(*(words.abbreviations for words in rulebook.words))
    languages = (rule.language,) if rule.language else ()
    sentences = tuple(split(hit, abbreviations))
    return find(Reading(subject="", text=hit, sentences=sentences, languages=languages), rulebook, ())


def _shadowed(read: Mapping[Rule, Sequence[Findings]], decisive: Sequence[Rule]) -> Iterator[Problem]:
    """Rules of which another one finds every hit. Of two that find each other's, the later one is told."""
    covering = {rule: [other for other in decisive if _covers(other, rule, found)] for rule, found in read.items()}
    order = {rule: number for number, rule in enumerate(decisive)}
    for rule, others in covering.items():
        for other in others:
            if rule not in covering.get(other, ()) or order[other] < order[rule]:
                sentence = (
                    f"{other.name} finds every hit of {rule.name}. Add a hit of its own, or do without this rule."
                )
                yield _about(rule, sentence)
                break


def _covers(other: Rule, rule: Rule, found: Iterable[Findings]) -> bool:
    if other is rule or other.says is not rule.says:
        return False
    return all(any(each.rule is other for each in hit.found) for hit in found)


def _contradicted(read: Mapping[Rule, Sequence[Findings]]) -> Iterator[Problem]:
    """Hits that would be judged otherwise: a rule of another meaning, or one about other things, holds as well."""
    for rule, findings in read.items():
        for hit, found in zip(rule.hits, findings, strict=True):
            meaning = meaning_of(found, _favourable(rule))
            against = found.ranked(meaning) or found.of(Cue.ELSEWHERE) or found.of(Cue.OTHERS)
            if meaning is not rule.says and against:
                shown = hit if len(hit) <= _SHOWN else f"{hit[:_SHOWN]}…"
                why = f"since {against[0].rule.name} holds too: “{shown}”"
                yield _about(rule, f"A hit of {rule.name} is judged “{meaning}”, {why}")


def _favourable(rule: Rule) -> Circumstances:
    """A mail by a recruiting platform that answers another: whatever is said, it is about an application."""
    return Circumstances(
        outgoing=False,
        answers=True,
        automatic=rule.says is Meaning.OUT_OF_OFFICE,
        bulk=False,
        platform=True,
        bounced=rule.says is Meaning.BOUNCE,
        interview_called=False,
    )


def _namesakes(rulebook: Rulebook) -> Iterator[Problem]:
    """Rules of the user's that were meant to replace a pack's, by all appearances."""
    names = {rule.name for rule in rulebook.rules}
    for rule in rulebook.own:
        bare = rule.name.rpartition("/")[2]
        twin = next((f"{language}/{bare}" for language in rulebook.packs if f"{language}/{bare}" in names), None)
        if twin:
            yield _about(rule, f"{twin} stays in force beside this rule. To replace it, call this rule {twin}.")


def _at(pattern: Pattern, rule: Rule, sentence: str) -> Problem:
    return Problem(file=rule.file, line=pattern.line, column=pattern.column, sentence=sentence)


def _about(rule: Rule, sentence: str) -> Problem:
    return Problem(file=rule.file, line=rule.line, column=rule.column, sentence=sentence)
