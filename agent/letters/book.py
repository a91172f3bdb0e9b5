"""``letters.yaml`` to templates ready to be filled in, or every problem at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import ValidationError

from agent.case import LetterKind
from agent.config import wording
from agent.letters.entries import DAY, FIELDS, Entry, EntryReader, Text
from agent.letters.form import Fact, Form, LettersForm, OwnForm, Register, ShapeForm
from agent.tone import Shape, ToneBook
from rules.known import Known
from rules.load import Pack
from rules.load.words import Context, write_out
from rules.patterns import Misspelt, compiled
from rules.source import Node, Problems, read_file

_Path = list[str | int]
_F = TypeVar("_F", bound=Form)


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What stands around the text: the salutation with and without a name, and the closing words."""

    named: Text
    unnamed: Text
    closing: str


@dataclass(frozen=True, kw_only=True)
class LetterPack:
    """One language's letters."""

    language: str
    frames: Mapping[Register, Frame]
    date: Text
    months: tuple[str, ...]
    phrases: Mapping[str, Text]
    entries: tuple[Entry, ...]
    shapes: Mapping[str, Shape]
    unclear: tuple[Any, ...]
    """RE2 objects for folded sentences that name a direction and nothing to practise; ``clear`` those that do more."""
    clear: tuple[Any, ...]
    no_names: frozenset[str]
    name_ends: frozenset[str]

    def entry(self, kind: LetterKind, facts: Iterable[Fact]) -> Entry:
        """The first entry for this kind whose conditions all hold; the last one has none."""
        held = frozenset(facts)
        return next(each for each in self.entries if each.kind is kind and each.when <= held)


@dataclass(frozen=True, kw_only=True)
class LetterBook:
    """All letters and how they are checked."""

    packs: Mapping[str, LetterPack]
    tone: ToneBook
    no_names: frozenset[str]
    """Of all languages together: a display name may be in any."""
    name_ends: frozenset[str]
    known: Known = field(default_factory=Known)
    """What the user knows of addresses."""


def read_pack(path: Path, pack: Pack) -> LetterPack:
    """One pack's letters, compiled. Raises ``Problems`` with everything that is wrong in the file."""
    node = read_file(path)
    reader = _Reader(node, pack, _formed(node, LettersForm))
    letters = reader.letters()
    if reader.problems:
        raise Problems(reader.problems)
    return letters


def read_own(path: Path, packs: Mapping[str, LetterPack]) -> Mapping[str, tuple[Entry, ...]]:
    """The entries under ``letters:`` of a user's own file, by language. Raises ``Problems``."""
    node = read_file(path)
    if not isinstance(node.value, Mapping) or node.get("letters") is None:
        return {}
    form = _formed(node, OwnForm)
    reader = EntryReader(node, own=True)
    entries: dict[str, tuple[Entry, ...]] = {}
    for language, forms in form.letters.items():
        if (pack := packs.get(language)) is None:
            sentence = f"There are letters in {', '.join(packs)}."
            reader.problems.append(node.problem(sentence, ["letters", language], key=True))
            continue
        reader.phrases = pack.phrases
        shapes = tuple(pack.shapes)
        entries[language] = tuple(
            reader.entry(each, ["letters", language, index], shapes) for index, each in enumerate(forms)
        )
    if reader.problems:
        raise Problems(reader.problems)
    return entries


def _formed(node: Node, form: type[_F]) -> _F:
    try:
        return form.model_validate(node.plain())
    except ValidationError as error:
        schema = form.model_json_schema()
        raise Problems([wording.problem(each, node, schema) for each in error.errors(include_url=False)]) from None


class _Reader(EntryReader):
    """Makes a pack of its form and gathers what is wrong."""

    def __init__(self, node: Node, pack: Pack, form: LettersForm) -> None:
        super().__init__(node)
        self.pack, self.form = pack, form
        context = Context(words=pack.words, vocabulary=pack.vocabulary, problems=self.problems)
        self.vocabulary = write_out(form.vocabulary, context, node)
        self.phrases = {name: self.text(text, ["phrases", name], FIELDS) for name, text in form.phrases.items()}

    def letters(self) -> LetterPack:
        form = self.form
        frames = {register: self._frame(register) for register in Register}
        shapes = tuple(form.shapes)
        entries = tuple(self.entry(entry, ["letters", index], shapes) for index, entry in enumerate(form.letters))
        self._complain_of_gaps(entries)
        return LetterPack(
            language=self.pack.language,
            frames=MappingProxyType(frames),
            date=self.text(form.date, ["date"], DAY),
            months=tuple(form.months),
            phrases=MappingProxyType(dict(self.phrases)),
            entries=entries,
            shapes=MappingProxyType({name: self._shape(name, each) for name, each in form.shapes.items()}),
            unclear=self._patterns(form.unclear, ["unclear"]),
            clear=self._patterns(form.clear, ["clear"]),
            no_names=frozenset(word.casefold() for word in form.no_names),
            name_ends=frozenset(word.casefold() for word in form.name_ends),
        )

    def _frame(self, register: Register) -> Frame:
        form = getattr(self.form.forms, register.value)
        path: _Path = ["forms", register.value]
        return Frame(
            named=self.text(form.named, [*path, "named"], FIELDS),
            unnamed=self.text(form.unnamed, [*path, "unnamed"], FIELDS),
            closing=form.closing,
        )

    def _shape(self, name: str, form: ShapeForm) -> Shape:
        path: _Path = ["shapes", name]
        return Shape(
            name=name,
            least=form.words.least,
            most=form.words.most,
            questions=form.questions,
            paragraphs=form.paragraphs,
            must_have=self._union(form.must_have, [*path, "must have"]),
            must_not_have=self._union(form.must_not_have, [*path, "must not have"]),
        )

    def _union(self, groups: Mapping[str, list[str]], path: _Path) -> Mapping[str, Any]:
        """For each name one pattern that stands for all of its list."""
        return {
            what: found[0]
            for what, patterns in groups.items()
            if (found := self._patterns([f"({'|'.join(patterns)})"], [*path, what]))
        }

    def _patterns(self, written: Sequence[str], path: _Path) -> tuple[Any, ...]:
        made = []
        for index, each in enumerate(written):
            try:
                made.append(compiled(each, self.vocabulary, self.pack.words.folding)[1])
            except Misspelt as error:
                self.complain(str(error), [*path, index])
        return tuple(made)

    def _complain_of_gaps(self, entries: Sequence[Entry]) -> None:
        for kind in LetterKind:
            if not any(entry.kind is kind and not entry.when for entry in entries):
                sentence = f"A letter `{kind.value}` with `when: []` is missing: it is taken when no other fits."
                self.complain(sentence, ["letters"])
