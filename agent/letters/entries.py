"""One letter for one situation, and how it is read from a file: the packs' and the user's own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, meta, nodes
from jinja2.sandbox import SandboxedEnvironment

from agent.case import LetterKind
from agent.letters.form import EntryForm, Fact, Register, RegistersForm
from rules.source import Node, Problem

FIELDS = frozenset(
    {
        "name",
        "first_name",
        "employer",
        "position",
        "interview",
        "interviewed",
        "elsewhere",
        "called",
        "next_interview",
        "me",
    }
)
"""What a wording may use, besides the pack's own phrases. Closed: a template sees nothing else."""

DAY = frozenset({"day", "month"})

Path = Sequence[str | int]

_ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Const,
    nodes.If,
    nodes.CondExpr,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Tuple,
    nodes.Getitem,
    nodes.Slice,
)
"""Filling in and choosing. Loops, calls and arithmetic could make a short file an endless letter."""


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
    node: Node = field(repr=False, compare=False)
    """The file it stands in; ``path`` is where."""
    path: tuple[str | int, ...]
    own: bool = False
    """Whether the user wrote it."""

    @property
    def asks(self) -> bool:
        """The letter asks a question, so an answer may follow."""
        return self.shape in ("request", "clarify", "enquiry")

    @property
    def situation(self) -> str:
        """What must hold, as the user reads it."""
        return ", ".join(sorted(fact.value for fact in self.when)) or "otherwise"


class EntryReader:
    """Makes entries and texts of one file's forms and gathers what is wrong."""

    def __init__(self, node: Node, *, own: bool = False) -> None:
        self.node, self.own = node, own
        self.problems: list[Problem] = []
        self.phrases: Mapping[str, Text] = {}
        self._sandbox = _sandbox()

    def entry(self, form: EntryForm, path: Path, shapes: Sequence[str]) -> Entry:
        """One entry; its shape must be one of these."""
        shape = form.shape or form.letter.value
        if shape not in shapes:
            self.complain(f"There is no shape “{shape}” in this language's letters.", [*path, "shape"])
        return Entry(
            kind=form.letter,
            when=frozenset(form.when),
            shape=shape,
            subject=self._registers(form.subject, [*path, "subject"]),
            wordings=tuple(self._registers(each, [*path, "wordings", at]) for at, each in enumerate(form.wordings)),
            node=self.node,
            path=tuple(path),
            own=self.own,
        )

    def text(self, text: str, path: Path, fields: frozenset[str]) -> Text:
        """A template that uses none but these fields."""
        try:
            parsed = self._sandbox.parse(text)
            used = meta.find_undeclared_variables(parsed)
            template = self._sandbox.from_string(parsed)
        except TemplateSyntaxError as error:
            self.complain(f"This is no template: {error.message}", path)
            return Text(template=self._sandbox.from_string(""), uses=frozenset())
        if odd := next((each for each in parsed.find_all(nodes.Node) if not isinstance(each, _ALLOWED)), None):
            what = type(odd).__name__.lower()
            self.complain(f"A template fills in fields and chooses with `if`; `{what}` is more than that.", path)
        for unknown in sorted(used - fields):
            self.complain(f"There is no field `{unknown}`; there are {', '.join(sorted(fields))}.", path)
        within = (self.phrases[name].uses for name in used & fields if name not in FIELDS | DAY)
        return Text(template=template, uses=frozenset(used & FIELDS).union(*within))

    def complain(self, sentence: str, path: Path) -> None:
        """Note a mistake at this place of the file."""
        self.problems.append(self.node.problem(sentence, path))

    def _registers(self, form: str | RegistersForm, path: Path) -> Mapping[Register, Text]:
        fields = FIELDS | frozenset(self.phrases)
        if isinstance(form, str):
            return dict.fromkeys(Register, self.text(form, path, fields))
        texts = {register: getattr(form, register.value) for register in Register}
        return {each: self.text(text, [*path, each.value], fields) for each, text in texts.items()}


def _sandbox() -> SandboxedEnvironment:
    """Without globals, filters and tests: templates fill in and choose, nothing else."""
    sandbox = SandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
    for room in (sandbox.globals, sandbox.filters, sandbox.tests):
        room.clear()
    return sandbox
