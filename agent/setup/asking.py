"""Questions that are asked until the answer is one, and the answers that the command line gave already."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from agent.setup.values import Stopped, Talk
from connectors.account import Tls

_Answer = TypeVar("_Answer")


@dataclass(frozen=True, kw_only=True)
class Given:
    """What the command line says already; None is asked for. ``offline``: nobody is contacted at all."""

    name: str | None = None
    address: str | None = None
    signature: str | None = None
    account: str | None = None
    host: str | None = None
    port: int | None = None
    tls: Tls | None = None
    fingerprint: str | None = None
    username: str | None = None
    password_command: str | None = None
    password_file: Path | None = None
    keyring: bool = False
    maildir: Path | None = None
    client: Path | None = None
    client_id: str | None = None
    tenant: str | None = None
    watch: tuple[str, ...] | None = None
    drafts: str | None = None
    sent: str | None = None
    languages: str | None = None
    quiet_hours: str | None = None
    enquire_after: str | None = None
    autoconfig: str | None = None
    offline: bool = False


def answered(
    talk: Talk,
    question: str,
    check: Callable[[str], _Answer],
    *,
    given: str | None = None,
    default: str | None = None,
    option: str,
) -> _Answer:
    """The first answer that ``check`` takes; it raises ``ValueError`` with a sentence. What was given goes first."""
    answer = given if given is not None else talk.ask(question, default=default, option=option)
    while True:
        try:
            return check(answer)
        except ValueError as wrong:
            again(talk, f"{wrong} ({option} {answer})" if talk.alone else str(wrong))
            answer = talk.ask(question, default=default, option=option)


def chosen(talk: Talk, question: str, choices: Sequence[str], *, option: str) -> int:
    """Which of the choices, from 0; the first is recommended."""
    for number, choice in enumerate(choices, 1):
        talk.say(f"  {number}  {choice}")

    def check(answer: str) -> int:
        if answer.isdecimal() and 1 <= int(answer[:3]) <= len(choices):
            return int(answer) - 1
        raise ValueError(f"Please give a number from 1 to {len(choices)}.")

    return answered(talk, question, check, default="1", option=option)


def again(talk: Talk, sentence: str) -> None:
    """Say what is wrong before it is asked anew. Raises ``Stopped`` when nobody is there to answer better."""
    if talk.alone:
        raise Stopped(sentence)
    talk.say(sentence)


def as_(kind: Any, base: Path | None = None) -> Callable[[str], Any]:
    """A check by one of the kinds of value that the configuration knows; ``base``: its folder, for paths."""
    adapter: TypeAdapter[Any] = TypeAdapter(kind)

    def check(answer: str) -> Any:
        try:
            return adapter.validate_python(answer, context={"base": base or Path.cwd()})
        except ValidationError as wrong:
            raise ValueError(wrong.errors()[0]["msg"].removeprefix("Value error, ")) from None

    return check
