"""The letters of all packs, checked."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from agent.letters.book import Draught, LetterBook, read_pack
from agent.letters.check import problems
from agent.tone import ToneBook
from rules.load import Pack, load_rulebook
from rules.load.rulebook import PACKS
from rules.reading.history import Marks
from rules.source import Problem, Problems


def load_letters(languages: Sequence[str] | None = None, *, check: bool = False) -> LetterBook:
    """The letters of these languages (None: of every pack; English always).

    Raises ``Problems`` with everything that is wrong in any of the files; with ``check`` a wording that breaks a tone
    rule is wrong. Without, that is left to the tests, which shipped letters have passed, and to each letter's own
    check when it is written.
    """
    packs = load_rulebook(languages or "auto").packs
    return _book(tuple(packs), check)


@lru_cache(maxsize=8)
def _book(languages: tuple[str, ...], check: bool) -> LetterBook:  # noqa: FBT001 - for the cache alone
    """The packs come with the program: they do not change while it runs."""
    return bind(load_rulebook(languages).packs, check=check)


def bind(packs: Mapping[str, Pack], folder: Path = PACKS, *, check: bool = True) -> LetterBook:
    """Read, check and bind the letters of these packs, each from its folder there. Raises ``Problems``."""
    draughts: list[Draught] = []
    found: list[Problem] = []
    for language, pack in packs.items():
        try:
            draughts.append(read_pack(folder / language / "letters.yaml", pack))
        except Problems as caught:
            found += caught.problems
    tone = ToneBook(
        voices=MappingProxyType({draught.pack.language: draught.voice for draught in draughts}),
        marks=Marks.of(pack.words for pack in packs.values()),
    )
    found += [] if found or not check else [problem for draught in draughts for problem in problems(draught, tone)]
    if found:
        raise Problems(found)
    return LetterBook(
        packs=MappingProxyType({draught.pack.language: draught.pack for draught in draughts}),
        tone=tone,
        no_names=frozenset[str]().union(*(draught.pack.no_names for draught in draughts)),
        name_ends=frozenset[str]().union(*(draught.pack.name_ends for draught in draughts)),
    )
