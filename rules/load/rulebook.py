"""All packs and the user's own rules as one frozen rulebook."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from rules.known import Known
from rules.literals import Prefilter
from rules.load.cache import pack_of
from rules.load.packs import load_own, load_pack
from rules.matching import Matcher
from rules.reading.history import Marks
from rules.rule import Mention, Pack, Rule, Words
from rules.source import Problem, Problems
from rules.verdict import Meaning

PACKS = Path(__file__).parent.parent / "packs"
_OWN = Words(language="own")


@dataclass(frozen=True, kw_only=True)
class Rulebook:
    """What ``judge`` works with. Immutable: a changed rule file makes a new rulebook."""

    packs: Mapping[str, Pack]
    own: tuple[Rule, ...] = ()
    """The user's rules that belong to no language."""
    marks: Marks
    known: Known = field(default_factory=Known)
    _matchers: dict[str, Matcher] = field(default_factory=dict, repr=False)
    _prefilters: dict[str, Prefilter] = field(default_factory=dict, repr=False)

    def matcher(self, language: str) -> Matcher:
        """The rules of a language, or the user's that belong to none (``own``), ready to run; made when first used."""
        if language not in self._matchers:
            pack = self.packs.get(language)
            self._matchers[language] = Matcher(pack.rules, pack.words) if pack else Matcher(self.own, _OWN)
        return self._matchers[language]

    def lessons(self, language: str) -> Matcher:
        """What a language says of feedback's points: its lesson rules, and its rules that tell feedback at all."""
        name = f"{language}/lessons"
        if name not in self._matchers:
            pack = self.packs[language]
            feedback = (rule for rule in pack.rules if rule.says is Meaning.FEEDBACK)
            self._matchers[name] = Matcher((*pack.lessons, *feedback), pack.words)
        return self._matchers[name]

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule in force."""
        return (*(rule for pack in self.packs.values() for rule in pack.rules), *self.own)

    @property
    def words(self) -> tuple[Words, ...]:
        """How each language is read."""
        return tuple(pack.words for pack in self.packs.values())

    def mentions(self, language: str, text: str) -> list[Mention]:
        """The phrases of a language that may name something in the text, in their order."""
        known = self.packs[language].words.mentions
        if language not in self._prefilters:
            self._prefilters[language] = Prefilter([each.needs for each in known])
        plain = " ".join(text.lower().split()).encode(errors="replace")
        return [known[index] for index in self._prefilters[language].candidates(plain)]


def load_rulebook(
    languages: Sequence[str] | str = "auto", overlays: Sequence[Path] = (), *, prove: bool = False
) -> Rulebook:
    """The packs of these languages (``"auto"``: all there are; English always), the user's files over them in order.

    A rule of the user's with a pack rule's name (``en/...``) replaces it; ``off`` switches rules off.
    The user's rules are proved by their examples; with ``prove`` the packs' are as well, which takes a few seconds.
    Raises ``Problems`` with everything that is wrong in all files.
    """
    problems: list[Problem] = []
    packs = _packs(languages, problems, prove=prove)
    own: dict[str, Rule] = {}
    off: set[str] = set()
    tone: list[Rule] = []
    known = Known()
    for path in overlays:
        try:
            file = load_own(path, packs)
        except Problems as caught:
            problems += caught.problems
            continue
        own |= {rule.name: rule for rule in file.rules}
        off |= file.off
        tone += file.tone
        known = Known(
            employers=(*file.employers, *known.employers),
            unread=(*file.unread, *known.unread),
            agencies=(*file.agencies, *known.agencies),
        )
    if problems:
        raise Problems(problems)
    return _bound({language: _overlaid(pack, own, off, tone) for language, pack in packs.items()}, own, known)


def available() -> tuple[str, ...]:
    """The languages that have a pack here."""
    return tuple(sorted(folder.name for folder in PACKS.iterdir() if (folder / "reading.yaml").is_file()))


def _packs(languages: Sequence[str] | str, problems: list[Problem], *, prove: bool) -> dict[str, Pack]:
    chosen = list(available()) if languages == "auto" else list(dict.fromkeys(["en", *languages]))
    packs = {}
    for language in chosen:
        try:
            packs[language] = load_pack(PACKS / language) if prove else _shipped(language)
        except Problems as caught:
            problems += caught.problems
    return packs


@lru_cache(maxsize=32)
def _shipped(language: str) -> Pack:
    """A pack that came with the program: it does not change while the program runs."""
    return pack_of(PACKS / language)


def _overlaid(pack: Pack, own: Mapping[str, Rule], off: set[str], tone: Sequence[Rule]) -> Pack:
    kept = tuple(rule for rule in pack.rules if rule.name not in own and rule.name not in off)
    added = tuple(rule for rule in own.values() if rule.language == pack.language)
    heard = tuple(rule for rule in tone if rule.language == pack.language)
    if len(kept) == len(pack.rules) and not added and not heard:
        return pack
    return replace(pack, rules=(*kept, *added), tone=(*pack.tone, *heard))


def _bound(packs: Mapping[str, Pack], own: Mapping[str, Rule], known: Known) -> Rulebook:
    free = tuple(rule for rule in own.values() if rule.language is None)
    return Rulebook(
        packs=MappingProxyType(dict(packs)),
        own=free,
        known=known,
        marks=Marks.of(pack.words for pack in packs.values()),
    )
