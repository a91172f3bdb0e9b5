"""The user's ordered list: what to do about which verdict. First match wins."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from fnmatch import fnmatchcase

from agent.case import Case


class Then(StrEnum):
    """What policy can say about a notice."""

    REQUEST = "request"
    NOTE = "note"
    IGNORE = "ignore"


@dataclass(frozen=True, kw_only=True)
class When:
    """Conditions on a case that was turned down; an absent one holds always, a list holds when one of it does."""

    meaning: tuple[str, ...] = ()
    stage: tuple[str, ...] = ()
    sender: tuple[str, ...] = ()
    """``person`` or ``machine``; ``from`` in YAML."""
    employer: tuple[str, ...] = ()
    """Shell-style patterns, letter case ignored."""
    account: tuple[str, ...] = ()
    language: tuple[str, ...] = ()

    def holds(self, case: Case) -> bool:
        """Whether all conditions hold for the case's notice."""
        notice = case.notice
        if notice is None:
            return False
        facts = {
            "meaning": notice.meaning,
            "stage": case.stage,
            "sender": "person" if notice.human else "machine",
            "account": case.account,
            "language": notice.language or "",
        }
        plain = all(not (wanted := getattr(self, name)) or fact in wanted for name, fact in facts.items())
        return plain and (not self.employer or _like(case.employer, self.employer))

    def covers(self, other: "When") -> bool:
        """Whether these conditions hold wherever the other's do, as far as their words show."""
        pairs = ((set(getattr(self, each.name)), set(getattr(other, each.name))) for each in fields(self))
        return all(not mine or (theirs and theirs <= mine) for mine, theirs in pairs)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of the policy."""

    when: When
    then: Then


DEFAULT: tuple[Entry, ...] = (
    Entry(when=When(meaning=("rejection", "filled"), stage=("interviewed",)), then=Then.REQUEST),
    Entry(when=When(meaning=("rejection",), stage=("unknown",), sender=("person",)), then=Then.REQUEST),
    Entry(when=When(), then=Then.NOTE),
)


def decide(case: Case, entries: Sequence[Entry]) -> Then:
    """What to do about the case's notice: the first entry that holds, the user's before the default ones."""
    return next((entry.then for entry in (*entries, *DEFAULT) if entry.when.holds(case)), Then.NOTE)


def shadowed(entries: Sequence[Entry]) -> Iterator[tuple[int, int]]:
    """The entries that never decide: each one's index, and that of an earlier one that always decides before it."""
    for number, entry in enumerate(entries):
        before = (at for at, earlier in enumerate(entries[:number]) if earlier.when.covers(entry.when))
        if (first := next(before, None)) is not None:
            yield number, first


def _like(employer: str | None, patterns: Sequence[str]) -> bool:
    return employer is not None and any(fnmatchcase(employer.casefold(), p.casefold()) for p in patterns)
