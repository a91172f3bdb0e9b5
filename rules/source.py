"""YAML text to nodes that know their line and column. The only reader of YAML; `agent/setup/write.py` alone writes it.

YAML 1.2, one document a file. Refused, since a file that people share must mean what it shows: duplicate keys,
anchors and aliases (billion laughs), explicit tags, keys that are no plain words, nesting deeper than 40.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

MAX_CHARACTERS = 512 * 1024
MAX_DEPTH = 40

Scalar = str | int | float | bool | None
Plain = Scalar | list["Plain"] | dict[str, "Plain"]


@dataclass(frozen=True, order=True)
class Position:
    """A place in a file, both counted from 1, as editors do."""

    line: int
    column: int


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One mistake in a file the user wrote, as a sentence with its place."""

    file: str
    line: int
    column: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.sentence}"


class Problems(Exception):
    """Everything that is wrong, at once, in the order of the files' lines."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(dict.fromkeys(problems), key=lambda each: (each.file, each.line, each.column)))
        super().__init__("\n".join(str(each) for each in self.problems))


@dataclass(frozen=True, kw_only=True)
class Node:
    """A scalar, a sequence or a mapping, and where it stands. ``keys`` are the places of a mapping's keys."""

    file: str
    position: Position
    value: "Scalar | tuple[Node, ...] | Mapping[str, Node]"
    keys: Mapping[str, Position] = field(default_factory=dict)

    def plain(self) -> Plain:
        """The same as plain Python: dict, list, str, int, float, bool, None."""
        if isinstance(self.value, Mapping):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, tuple):
            return [node.plain() for node in self.value]
        return self.value

    def get(self, step: str | int) -> "Node | None":
        """The node one step below, or None."""
        if isinstance(self.value, Mapping):
            return self.value.get(str(step))
        if isinstance(self.value, tuple) and isinstance(step, int) and 0 <= step < len(self.value):
            return self.value[step]
        return None

    def at(self, path: Sequence[str | int] = (), *, key: bool = False) -> Position:
        """Where the value at ``path`` stands; with ``key`` where its key stands.

        Steps that do not exist are passed over, so that a pydantic error's ``loc`` (which names union members too)
        gives the nearest place that is really in the file.
        """
        node, position = self, self.position
        for step in path:
            below = node.get(step)
            if below is None:
                continue
            position = node.keys.get(str(step), below.position) if key else below.position
            node = below
        return position

    def problem(self, sentence: str, path: Sequence[str | int] = (), *, key: bool = False) -> Problem:
        """A problem at that place of this file."""
        place = self.at(path, key=key)
        return Problem(file=self.file, line=place.line, column=place.column, sentence=sentence)


def read_file(path: Path) -> Node:
    """``read`` for a file on disk, UTF-8. A file that cannot be read is a Problem on its first line."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise _only(str(path), f"This file cannot be read: {error.strerror}.") from None
    try:
        return read(raw.decode("utf-8-sig"), str(path))
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise _only(str(path), "This line is not UTF-8 text. Save the file as UTF-8.", line) from None


def read(text: str, name: str) -> Node:
    """The one document in ``text``; ``name`` is the file shown in problems. An empty text is the scalar None.

    Raises ``Problems``.
    """
    if len(text) > MAX_CHARACTERS:
        raise _only(name, f"This file is larger than {MAX_CHARACTERS // 1024} KB. Split it.")
    builder = _Builder(name, YAML(typ="safe", pure=True).parse(text))
    try:
        root = builder.document()
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise _only(name, f"This is not YAML: {error.problem or error.context}.", line, column) from None
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        column = error.position - text.rfind("\n", 0, error.position)
        raise _only(name, "There is a character here that YAML does not allow.", line, column) from None
    except YAMLError as error:
        raise _only(name, f"This is not YAML: {error}.") from None
    if builder.problems:
        raise Problems(builder.problems)
    return root


def close_to(word: str, known: Sequence[str]) -> str:
    """`` Did you mean `x`?`` with the nearest known word, or nothing."""
    folded = {each.casefold(): each for each in known}
    near = get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    return f" Did you mean `{folded[near[0]]}`?" if near else ""


def _only(name: str, sentence: str, line: int = 1, column: int = 1) -> Problems:
    return Problems([Problem(file=name, line=line, column=column, sentence=sentence)])


class _Builder:
    """Makes nodes of the parser's events, one event at a time, so that a bomb is refused before it unfolds."""

    def __init__(self, name: str, events: Iterator[Event]) -> None:
        self.name = name
        self.events = events
        self.problems: list[Problem] = []

    def document(self) -> Node:
        root = Node(file=self.name, position=Position(1, 1), value=None)
        documents = 0
        for event in self.events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise _only(self.name, "A second document starts here. One file holds one.", *_place(event))
            elif isinstance(event, NodeEvent):
                root = self._node(event, 0)
        return root

    def _node(self, event: Event, depth: int) -> Node:
        position = Position(*_place(event))
        if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
            raise _only(
                self.name, "Anchors (&) and aliases (*) are not used here. Write the value out.", *_place(event)
            )
        if depth > MAX_DEPTH:
            raise _only(self.name, f"This is nested deeper than {MAX_DEPTH} levels.", *_place(event))
        tag = getattr(event, "tag", None)
        if tag not in (None, "!"):
            self._complain(position, "Tags (!) are not used here. Write the value alone.")
        if isinstance(event, MappingStartEvent):
            return self._mapping(position, depth)
        if isinstance(event, SequenceStartEvent):
            return self._sequence(position, depth)
        assert isinstance(event, ScalarEvent)  # noqa: S101 - there is no fifth kind of node event (YAML 1.2.2, 3.2.1)
        value = _resolve(event.value) if event.implicit[0] else event.value
        return Node(file=self.name, position=position, value=value)

    def _sequence(self, position: Position, depth: int) -> Node:
        items: list[Node] = []
        while not isinstance(event := next(self.events), SequenceEndEvent):
            items.append(self._node(event, depth + 1))
        return Node(file=self.name, position=position, value=tuple(items))

    def _mapping(self, position: Position, depth: int) -> Node:
        values: dict[str, Node] = {}
        keys: dict[str, Position] = {}
        while not isinstance(event := next(self.events), MappingEndEvent):
            key = self._node(event, depth + 1)
            value = self._node(next(self.events), depth + 1)
            if value.value is None and value.position.line > key.position.line:  # the parser looks for it further on
                value = replace(value, position=key.position)
            if key.value is None or isinstance(key.value, tuple | Mapping):
                self._complain(key.position, "A key must be a plain word or phrase.")
                continue
            word = event.value if isinstance(event, ScalarEvent) else str(key.value)
            if word in values:
                self._complain(key.position, f"“{word}” stands here twice; it is already on line {keys[word].line}.")
                continue
            values[word], keys[word] = value, key.position
        return Node(file=self.name, position=position, value=values, keys=keys)

    def _complain(self, position: Position, sentence: str) -> None:
        self.problems.append(
            Problem(file=self.name, line=position.line, column=position.column, sentence=sentence),
        )


def _place(event: Event) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1


_WORDS: dict[str, Scalar] = {"": None, "~": None}
_WORDS |= dict.fromkeys(("null", "Null", "NULL"))
_WORDS |= dict.fromkeys(("true", "True", "TRUE"), True) | dict.fromkeys(("false", "False", "FALSE"), False)
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]{1,18}|[0-9]{1,18}(?:\.[0-9]{0,18})?)(?:[eE][-+]?[0-9]{1,3})?")


def _resolve(word: str) -> Scalar:
    """The core schema of YAML 1.2.2, 10.3.2, without octal, hexadecimal, infinity and nan: nobody means those here."""
    if word in _WORDS:
        return _WORDS[word]
    if _INTEGER.fullmatch(word):
        return int(word)
    if _FLOAT.fullmatch(word):
        return float(word)
    return word
