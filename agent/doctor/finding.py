"""What a check found, and a check that takes too long or breaks is a finding too."""

import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from traceback import extract_tb

from connectors.port import Failure, Refused

LIMIT = 45.0
"""Seconds until the next finding of a family: a password program may take 10 of them, and a server 15 to connect."""

_ROOT = Path(__file__).parents[2]
_OWN = ("agent", "rules", "connectors")
_CAUSES = 5


class State(StrEnum):
    """How it is."""

    OK = "ok"
    WARN = "warn"
    """It works, but not as well as it could, or not for long."""
    FAIL = "fail"
    """Something does not work until it is put right."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One line. ``sentence`` says how it is, ``todo`` what to do; a failure of a mailbox says both in its sentence.

    ``facts`` is what may be shown to strangers: words of ours, of public vocabularies, and numbers; never a name.
    """

    name: str
    sentence: str
    state: State = State.OK
    todo: str = ""
    account: str | None = None
    needs_user: bool = False
    """Starting again changes nothing: configuration, rules or a sign-in have to be put right."""
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Family:
    """Checks that belong together: one tells its findings, one after the other."""

    name: str
    run: Callable[[], Iterator[Finding]]
    account: str | None = None
    limit: float = LIMIT


def examined(family: Family) -> Iterator[Finding]:
    """What the family finds; it never raises and never hangs. A check that hangs is left behind in its thread."""
    found: queue.SimpleQueue[Finding | None] = queue.SimpleQueue()

    def run() -> None:
        try:
            for each in family.run():
                found.put(replace(each, account=family.account))
        except Exception as failure:  # noqa: BLE001 - one failing check never stops the rest
            found.put(failed(family.name, failure, account=family.account))
        found.put(None)

    threading.Thread(target=run, daemon=True, name=f"doctor: {family.name}").start()
    while True:
        try:
            each = found.get(timeout=family.limit)
        except queue.Empty:
            yield Finding(
                name=family.name,
                account=family.account,
                state=State.FAIL,
                sentence=f"this gave no answer within {family.limit:.0f} s, so the rest of it is not checked",
                todo="Try again. If it stays so, look whether the disk, the network or a password program hangs.",
            )
            return
        if each is None:
            return
        yield each


def failed(name: str, failure: Exception, *, account: str | None = None) -> Finding:
    """A failure as a finding. Only what was written for the user is shown of it."""
    from agent.journal import StoreTrouble  # late: the database takes a moment to load

    ours = not isinstance(failure, Failure | StoreTrouble)
    sentence = f"Afterword made a mistake here ({type(failure).__name__})" if ours else str(failure)
    return Finding(
        name=name,
        account=account,
        state=State.FAIL,
        sentence=sentence,
        todo="It is not your fault. Please send us a report: afterword doctor --report FILE" if ours else "",
        needs_user=isinstance(failure, Refused),
        facts=places(failure),
    )


def places(failure: BaseException) -> tuple[str, ...]:
    """The kinds of a failure and of its causes, and where in our own code each came up; never its text."""
    told: list[str] = []
    cause: BaseException | None = failure
    while cause is not None and len(told) < _CAUSES:
        at = [
            f" at {own}:{frame.lineno}"
            for frame in extract_tb(cause.__traceback__)
            if (own := own_file(frame.filename))
        ]
        told.append(f"{type(cause).__name__}{at[-1] if at else ''}")
        cause = cause.__cause__
    return tuple(told)


def own_file(path: str) -> str | None:
    """A file of our program by its place within it; None for anybody else's, whose path may tell of the user."""
    if not any(Path(path).is_relative_to(_ROOT / own) for own in _OWN):
        return None
    return Path(path).relative_to(_ROOT).as_posix()
