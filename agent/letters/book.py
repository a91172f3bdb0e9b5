"""``letters.yaml`` to templates ready to be filled in, or every problem at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, meta
from jinja2.sandbox import SandboxedEnvironment
from pydantic import ValidationError

from agent.case import LetterKind
from agent.config import wording
from agent.letters.form import EntryForm, Fact, LettersForm, Register, RegistersForm, ShapeForm
from agent.tone import Shape, ToneBook, Voice
from rules.load import Pack
from rules.load.words import Context, write_out
from rules.matching import Matcher
from rules.patterns import Misspelt, compiled
from rules.source import Node, Problem, Problems, read_file

FIELDS = frozenset(
    {"name", "first_name", "employer", "position", "interview", "interviewed", "elsewhere", "next_interview", "me"}
)
"""What a wording may use, besides the pack's own phrases. Closed: a template sees nothing else."""

_DAY = frozenset({"day", "month"})

_Path = list[str | int]


@dataclass(frozen=True, kw_only=True)
class Text:
    """A template and the fields it looks at, those of its phrases included."""

    template: Template
    uses: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One letter for one situation. ``wordings`` are in the order of the file, each in both registers."""

    kind: LetterKind
    when: frozenset[Fact]
    shape: str
    subject: Mapping[Register, Text]
    wordings: tuple[Mapping[Register, Text], ...]
    path: tuple[str | int, ...]

    @property
    def asks(self) -> bool:
        """The letter asks a question, so an answer may follow."""
        return self.shape in ("request", "clarify", "enquiry")


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


@dataclass(frozen=True, kw_only=True)
class Draught:
    """A pack read but not yet checked."""

    pack: LetterPack
    voice: Voice
    node: Node


def read_pack(path: Path, pack: Pack) -> Draught:
    """One pack's letters, compiled. Raises ``Problems`` with everything that is wrong in the file."""
    node = read_file(path)
    try:
        form = LettersForm.model_validate(node.plain())
    except ValidationError as error:
        schema = LettersForm.model_json_schema()
        found = error.errors(include_url=False)
        raise Problems([wording.problem(each, node, schema) for each in found]) from None
    reader = _Reader(node, pack, form)
    letters, shapes = reader.letters(), reader.shapes()
    if reader.problems:
        raise Problems(reader.problems)
    voice = Voice(words=pack.words, matcher=Matcher(pack.tone, pack.words), shapes=MappingProxyType(shapes))
    return Draught(pack=letters, voice=voice, node=node)


def _sandbox() -> SandboxedEnvironment:
    """Without globals, filters and tests: templates fill in and choose, nothing else."""
    sandbox = SandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
    for room in (sandbox.globals, sandbox.filters, sandbox.tests):
        room.clear()
    return sandbox


class _Reader:
    """Makes a pack of its form and gathers what is wrong."""

    def __init__(self, node: Node, pack: Pack, form: LettersForm) -> None:
        self.node, self.pack, self.form = node, pack, form
        self.problems: list[Problem] = []
        self.sandbox = _sandbox()
        context = Context(words=pack.words, vocabulary=pack.vocabulary, problems=self.problems)
        self.vocabulary = write_out(form.vocabulary, context, node)
        self.phrases = {name: self._text(text, ["phrases", name], FIELDS) for name, text in form.phrases.items()}
        self.fields = FIELDS | frozenset(form.phrases)

    def letters(self) -> LetterPack:
        form = self.form
        frames = {register: self._frame(register) for register in Register}
        entries = tuple(self._entry(entry, index) for index, entry in enumerate(form.letters))
        self._complain_of_gaps(entries)
        return LetterPack(
            language=self.pack.language,
            frames=MappingProxyType(frames),
            date=self._text(form.date, ["date"], _DAY),
            months=tuple(form.months),
            phrases=MappingProxyType(self.phrases),
            entries=entries,
            unclear=self._patterns(form.unclear, ["unclear"]),
            clear=self._patterns(form.clear, ["clear"]),
            no_names=frozenset(word.casefold() for word in form.no_names),
            name_ends=frozenset(word.casefold() for word in form.name_ends),
        )

    def shapes(self) -> dict[str, Shape]:
        return {name: self._shape(name, form) for name, form in self.form.shapes.items()}

    def _frame(self, register: Register) -> Frame:
        form = getattr(self.form.forms, register.value)
        path: _Path = ["forms", register.value]
        return Frame(
            named=self._text(form.named, [*path, "named"], FIELDS),
            unnamed=self._text(form.unnamed, [*path, "unnamed"], FIELDS),
            closing=form.closing,
        )

    def _entry(self, form: EntryForm, index: int) -> Entry:
        path: _Path = ["letters", index]
        shape = form.shape or form.letter.value
        if shape not in self.form.shapes:
            self._complain(f"There is no shape “{shape}” in this file.", [*path, "shape"])
        return Entry(
            kind=form.letter,
            when=frozenset(form.when),
            shape=shape,
            subject=self._registers(form.subject, [*path, "subject"]),
            wordings=tuple(self._registers(w, [*path, "wordings", at]) for at, w in enumerate(form.wordings)),
            path=tuple(path),
        )

    def _registers(self, form: str | RegistersForm, path: _Path) -> Mapping[Register, Text]:
        if isinstance(form, str):
            return dict.fromkeys(Register, self._text(form, path, self.fields))
        texts = {register: getattr(form, register.value) for register in Register}
        return {each: self._text(text, [*path, each.value], self.fields) for each, text in texts.items()}

    def _text(self, text: str, path: Sequence[str | int], fields: frozenset[str]) -> Text:
        try:
            parsed = self.sandbox.parse(text)
            used = meta.find_undeclared_variables(parsed)
            template = self.sandbox.from_string(parsed)
        except TemplateSyntaxError as error:
            self._complain(f"This is no template: {error.message}", path)
            return Text(template=self.sandbox.from_string(""), uses=frozenset())
        for unknown in sorted(used - fields):
            self._complain(f"There is no field `{unknown}`; there are {', '.join(sorted(fields))}.", path)
        within = (self.phrases[name].uses for name in used & fields if name not in FIELDS | _DAY)
        return Text(template=template, uses=frozenset(used & FIELDS).union(*within))

    def _complain(self, sentence: str, path: Sequence[str | int]) -> None:
        self.problems.append(self.node.problem(sentence, path))

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
                self._complain(str(error), [*path, index])
        return tuple(made)

    def _complain_of_gaps(self, entries: Sequence[Entry]) -> None:
        for kind in LetterKind:
            if not any(entry.kind is kind and not entry.when for entry in entries):
                sentence = f"A letter `{kind.value}` with `when: []` is missing: it is taken when no other fits."
                self._complain(sentence, ["letters"])
