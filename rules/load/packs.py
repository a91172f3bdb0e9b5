"""A pack's folder, or a user's own file, to compiled rules, or every problem at once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from rules.folding import Folding
from rules.known import Employer
from rules.literals import needs
from rules.load.form import Guard, Match, OwnForm, ReadingForm, RuleForm, RulesForm
from rules.load.prove import failures
from rules.load.wording import formed
from rules.load.words import Context, read_words, write_out
from rules.matching import broken
from rules.patterns import Misspelt, compiled
from rules.rule import Bearing, Own, Pack, Pattern, Rule, Theme, Tone, Weight, Where, Words
from rules.source import Node, Position, Problem, Problems, close_to, read_file

RULE_FILES = ("rejection.yaml", "interview.yaml", "feedback.yaml")
FILES = ("reading.yaml", *RULE_FILES, "lessons.yaml", "tone.yaml", "letters.yaml")
"""What a pack's folder holds. ``letters.yaml`` is read by ``agent.letters``."""


def load_pack(folder: Path, *, prove: bool = True) -> Pack:
    """The pack in a folder. Raises ``Problems`` with everything that is wrong in all of its files.

    Without ``prove`` the examples of its rules are not run.
    """
    node = read_file(folder / "reading.yaml")
    form = formed(node, ReadingForm)
    problems: list[Problem] = []
    words, vocabulary = read_words(form, node, problems)
    context = Context(words=words, vocabulary=vocabulary, problems=problems, prove=prove)
    rules = _rules(form.rules, node, context)
    for name in RULE_FILES:
        rules += _file(folder / name, context)
    lessons = _file(folder / "lessons.yaml", context)
    tone = _file(folder / "tone.yaml", context)
    context.problems += [*_misplaced(rules, tone), *_strayed([*rules, *tone], lessons)]
    context.problems += _twice([*rules, *lessons, *tone])
    if context.problems:
        raise Problems(context.problems)
    return Pack(words=words, rules=tuple(rules), tone=tuple(tone), lessons=tuple(lessons), vocabulary=vocabulary)


def load_own(path: Path, packs: Mapping[str, Pack]) -> Own:
    """A user's own file. Raises ``Problems``."""
    node = read_file(path)
    if node.value is None:
        return Own()
    form = formed(node, OwnForm)
    problems: list[Problem] = []
    rules = _own_rules("rules", form, node, packs, problems)
    tone = _own_rules("tone", form, node, packs, problems)
    known = {rule.name for pack in packs.values() for rule in pack.rules}
    for index, name in enumerate(form.off):
        if name not in known:
            problems.append(
                node.problem(f"There is no rule “{name}” to switch off.{close_to(name, sorted(known))}", ["off", index])
            )
    problems += [
        *_misplaced(rules, tone),
        *_strayed([*rules, *tone], []),
        *_twice([*rules, *tone]),
        *_shadowing(tone, packs),
    ]
    if problems:
        raise Problems(problems)
    employers = [
        Employer(name=each.name, also=tuple(each.also), addresses=tuple(each.addresses)) for each in form.employers
    ]
    unread = [address for each in form.senders for address in each.addresses]
    return Own(
        rules=tuple(rules),
        off=frozenset(form.off),
        employers=tuple(employers),
        unread=tuple(unread),
        tone=tuple(tone),
        agencies=tuple(form.agencies),
    )


def _own_rules(key: str, form: OwnForm, node: Node, packs: Mapping[str, Pack], problems: list[Problem]) -> list[Rule]:
    """The rules under this key of a user's own file, each in its language."""
    rules: list[Rule] = []
    contexts: dict[str, Context] = {}
    for index, rule in enumerate(getattr(form, key)):
        language, _, _ = rule.rule.rpartition("/")
        if language and language not in packs:
            problems.append(node.problem(f"There is no language “{language}” here.", [key, index, "rule"]))
            continue
        if key == "tone" and not language:
            sentence = f"A tone rule belongs to one language: write `en/{rule.rule}`, or whichever it is."
            problems.append(node.problem(sentence, [key, index, "rule"]))
            continue
        if language not in contexts:
            contexts[language] = _own_context(form, node, packs.get(language), problems)
        rules += _rules([rule], node, contexts[language], offset=index, key=key)
    return rules


def _own_context(form: OwnForm, node: Node, pack: Pack | None, problems: list[Problem]) -> Context:
    """What the user's rules of one language, or of none, may use: their own vocabulary and the pack's."""
    words = pack.words if pack else Words(language="own", folding=Folding())
    context = Context(words=words, vocabulary=pack.vocabulary if pack else {}, problems=problems)
    context.vocabulary = write_out(form.vocabulary, context, node)
    return context


def _file(path: Path, context: Context) -> list[Rule]:
    """One rule file of a pack. Its vocabulary holds in it alone."""
    try:
        node = read_file(path)
        form = formed(node, RulesForm)
    except Problems as caught:
        context.problems += caught.problems
        return []
    local = replace(context)
    local.vocabulary = write_out(form.vocabulary, local, node)
    return _rules(form.rules, node, local)


def _rules(forms: Sequence[RuleForm], node: Node, context: Context, offset: int = 0, key: str = "rules") -> list[Rule]:
    """The rules of a file, each compiled and proved."""
    base: list[str | int] = [key] if node.get(key) else []
    rules = []
    for index, form in enumerate(forms, start=offset):
        if context.room < 0:
            break
        path: list[str | int] = [*base, index]
        before = len(context.problems)
        rule = _rule(form, node, path, context)
        if len(context.problems) > before:
            continue
        for key, example, sentence in failures(rule, context.words) if context.prove else ():
            context.problems.append(node.problem(f"{rule.name}: {sentence}", [*path, key, example]))
        rules.append(rule)
    return rules


def _rule(form: RuleForm, node: Node, path: list[str | int], context: Context) -> Rule:
    language = None if context.words.language == "own" else context.words.language
    place = node.at([*path, "rule"])
    return Rule(
        name=form.rule if "/" in form.rule else f"{context.words.language}/{form.rule}",
        language=language,
        says=form.says,
        weight=Weight[form.weight.upper()],
        any_of=tuple(_patterns(form.any_of, node, [*path, "any of"], context)),
        all_of=tuple(_patterns(form.all_of, node, [*path, "all of"], context)),
        none_of=tuple(_patterns(form.none_of, node, [*path, "none of"], context)),
        hits=tuple(form.hits),
        misses=tuple(form.misses),
        # Advice is given behind conditions: "had you brought an example".
        conditional=form.conditional == "counts" or isinstance(form.says, Theme | Bearing),
        instead=form.instead,
        file=node.file,
        line=place.line,
        column=place.column,
    )


def _patterns(
    entries: Sequence[Match] | Sequence[Guard],
    node: Node,
    path: list[str | int],
    context: Context,
) -> Iterator[Pattern]:
    for index, entry in enumerate(entries):
        key, written = entry.only
        place: Position = node.at([*path, index, key])
        try:
            expanded, regex = compiled(written, context.vocabulary, context.words.folding)
        except Misspelt as error:
            context.problems.append(node.problem(str(error), [*path, index, key]))
            continue
        context.room -= len(expanded)
        if context.room < 0:
            context.problems.append(
                node.problem("From here on this is too large once written out.", [*path, index, key])
            )
            return
        yield Pattern(
            written=written,
            expanded=expanded,
            where=Where(key),
            source=regex.pattern,
            needs=needs(regex.pattern.decode()),
            breaks=_own_breaks(expanded, context.words),
            line=place.line,
            column=place.column,
        )


def _own_breaks(expanded: str, words: Words) -> frozenset[bytes]:
    """The breaking words among the pattern's own."""
    plain = " ".join("".join(letter if letter.isalpha() else " " for letter in expanded).split())
    return frozenset(broken(f" {plain} ".replace(" ", "  ").encode(), words))


def _strayed(rules: Sequence[Rule], lessons: Sequence[Rule]) -> Iterator[Problem]:
    for rule in rules:
        if isinstance(rule.says, Theme | Bearing):
            yield _about(rule, "Themes and bearings belong into a pack's lessons.yaml; here this one would do nothing.")
    for rule in lessons:
        if not isinstance(rule.says, Theme | Bearing):
            yield _about(rule, "Only themes and bearings belong into lessons.yaml.")


def _twice(rules: Sequence[Rule]) -> Iterator[Problem]:
    seen: dict[str, Rule] = {}
    for rule in rules:
        first = seen.setdefault(rule.name, rule)
        if first is not rule:
            yield _about(rule, f"“{rule.name}” is defined twice; see line {first.line} of {Path(first.file).name}.")


def _misplaced(rules: Sequence[Rule], tone: Sequence[Rule]) -> Iterator[Problem]:
    for rule in rules:
        if isinstance(rule.says, Tone):
            yield _about(rule, "Tone rules belong into a pack's tone.yaml; in your own file, under `tone:`.")
    for rule in tone:
        if not isinstance(rule.says, Tone):
            yield _about(rule, "Only tone rules belong here.")


def _shadowing(tone: Sequence[Rule], packs: Mapping[str, Pack]) -> Iterator[Problem]:
    """What keeps a letter from pleading or blaming is added to, never taken away."""
    shipped = {rule.name for pack in packs.values() for rule in pack.tone}
    for rule in tone:
        if rule.name in shipped:
            yield _about(rule, f"“{rule.name}” is a shipped tone rule, and stays. Give yours another name.")


def _about(rule: Rule, sentence: str) -> Problem:
    return Problem(file=rule.file, line=rule.line, column=rule.column, sentence=sentence)
