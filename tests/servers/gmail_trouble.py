"""What goes wrong between a client and Google: answers that are not those that were asked for."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    method: str
    path: str
    query: dict[str, list[str]]
    body: bytes = b""

    def first(self, name: str, otherwise: str = "") -> str:
        """The first value of a query parameter."""
        return self.query.get(name, [otherwise])[0]


@dataclass(frozen=True)
class Reply:
    """One answer. ``cut``: the connection ends after so many bytes of the body, whatever was promised.

    ``drip``: seconds between two bytes.
    """

    status: int = 200
    body: bytes = b"{}"
    fields: dict[str, str] = field(default_factory=lambda: {"Content-Type": "application/json; charset=UTF-8"})
    cut: int | None = None
    drip: float = 0


Act = Callable[[Callable[[], Reply]], Reply | None]
"""What happens instead of the answer; None: the connection ends without one."""


def error(status: int, reason: str, *, retry_after: str | None = None) -> Reply:
    """An error in Google's form."""
    told = {"code": status, "message": "told in words", "errors": [{"domain": "global", "reason": reason}]}
    made = Reply(status, json.dumps({"error": told}).encode())
    return replace(made, fields=made.fields | {"Retry-After": retry_after}) if retry_after else made


def fails(status: int, reason: str, *, retry_after: str | None = None) -> Act:
    """The request is refused and not done."""
    return lambda _: error(status, reason, retry_after=retry_after)


def portal(_: Callable[[], Reply]) -> Reply:
    """A hotel's network answers in Google's place."""
    return Reply(200, b"<html><body>Welcome! Please sign in.</body></html>", {"Content-Type": "text/html"})


def answers(body: bytes) -> Act:
    """Some other answer."""
    return lambda _: Reply(200, body)


def cut(_: Callable[[], Reply]) -> None:
    """The connection ends before anything is done."""


def done_and_cut(do: Callable[[], Reply]) -> None:
    """It is done, and the connection ends before the answer."""
    do()


def truncated(do: Callable[[], Reply]) -> Reply:
    """It is done, and half of the answer comes."""
    reply = do()
    return replace(reply, cut=len(reply.body) // 2)


def meanwhile(happens: Callable[[], object]) -> Act:
    """Something happens in the mailbox just before the answer."""

    def act(do: Callable[[], Reply]) -> Reply:
        happens()
        return do()

    return act
