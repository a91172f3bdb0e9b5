"""The letters of all packs and the user's own over them, checked."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from agent.letters.book import LetterBook, LetterPack, read_own, read_pack
from agent.letters.check import problems
from agent.letters.entries import Entry
from agent.tone import ToneBook, Voice
from rules.load import Pack, Rulebook, load_rulebook
from rules.load.rulebook import PACKS
from rules.matching import Matcher
from rules.reading.history import Marks
from rules.source import Problem, Problems


def load_letters(
    languages: Sequence[str] | None = None, overlays: Sequence[Path] = (), *, check: bool = False
) -> LetterBook:
    """The letters of these languages (None: of every pack; English always), those in the user's files before them.

    Raises ``Problems`` with everything that is wrong in any of the files: a wording of the user's that breaks a tone
    rule is wrong; with ``check`` a shipped one as well. Without, that is left to the tests, which shipped letters
    have passed, and to each letter's own check when it is written.
    """
    rulebook = load_rulebook(languages or "auto", overlays)
    return _laid_over(rulebook, overlays, check=check) if overlays else _shipped(tuple(rulebook.packs), check)


@lru_cache(maxsize=8)
def _shipped(languages: tuple[str, ...], check: bool) -> LetterBook:  # noqa: FBT001 - for the cache alone
    """The packs come with the program: they do not change while it runs."""
    return bind(load_rulebook(languages).packs, check=check)


def bind(packs: Mapping[str, Pack], folder: Path = PACKS, *, check: bool = True) -> LetterBook:
    """Read, check and bind the letters of these packs, each from its folder there. Raises ``Problems``."""
    letters: dict[str, LetterPack] = {}
    found: list[Problem] = []
    for language, pack in packs.items():
        try:
            letters[language] = read_pack(folder / language / "letters.yaml", pack)
        except Problems as caught:
            found += caught.problems
    if found:
        raise Problems(found)
    return _checked(_bound(letters, packs), own=not check)


def _laid_over(rulebook: Rulebook, overlays: Sequence[Path], *, check: bool) -> LetterBook:
    """The shipped letters with the user's own before them; what stands in a later file goes first."""
    packs = dict(_shipped(tuple(rulebook.packs), False).packs)
    found: list[Problem] = []
    for path in overlays:
        try:
            own: Mapping[str, tuple[Entry, ...]] = read_own(path, packs)
        except Problems as caught:
            found += caught.problems
            continue
        for language, entries in own.items():
            packs[language] = replace(packs[language], entries=(*entries, *packs[language].entries))
    if found:
        raise Problems(found)
    return _checked(replace(_bound(packs, rulebook.packs), known=rulebook.known), own=not check)


def _bound(letters: Mapping[str, LetterPack], packs: Mapping[str, Pack]) -> LetterBook:
    voices = {
        language: Voice(words=pack.words, matcher=Matcher(pack.tone, pack.words), shapes=letters[language].shapes)
        for language, pack in packs.items()
    }
    return LetterBook(
        packs=MappingProxyType(dict(letters)),
        tone=ToneBook(voices=MappingProxyType(voices), marks=Marks.of(pack.words for pack in packs.values())),
        no_names=frozenset[str]().union(*(pack.no_names for pack in letters.values())),
        name_ends=frozenset[str]().union(*(pack.name_ends for pack in letters.values())),
    )


def _checked(book: LetterBook, *, own: bool) -> LetterBook:
    """The book, if nothing is wrong with its wordings. ``own``: only the user's are looked at."""
    found = list(_wrong(book, own=own))
    if found:
        raise Problems(found)
    return book


def _wrong(book: LetterBook, *, own: bool) -> Iterator[Problem]:
    for pack in book.packs.values():
        for entry in pack.entries:
            if entry.own or not own:
                yield from problems(pack, entry, book.tone)
