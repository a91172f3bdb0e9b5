"""One signed-in account at Google: asks, renews its token once, pauses when told to, and follows pages."""

import secrets
import time
from collections.abc import Callable, Iterator
from typing import Any

from connectors.account import Account
from connectors.gmail.answers import Answer, next_page, rows
from connectors.gmail.failures import Busy, Lost, NoSignIn, as_failures
from connectors.gmail.line import Line
from connectors.gmail.service import build_users
from connectors.oauth import scopes_of, tokens_of
from connectors.port import Unavailable

TRIES = 6
"""How often a question is asked when Google asks for a pause: with the pauses between them about a minute in all."""
LONGEST_PAUSE = 60.0
"""Seconds. Asked for a longer one, the account is left alone until its next turn."""
PAGE = 500
"""Rows in one page, which is as many as Google gives."""
PAGES = 400
_random = secrets.SystemRandom()

Request = Any
"""A request of Google's client, not sent yet."""


class Session:
    """One account, one connection, one thread. ``users`` makes the requests, ``read`` and ``once`` send them."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._tokens = tokens_of(account, scopes=scopes_of(account))
        self._line = Line(account, self._tokens.current)
        self.users = build_users(self._line, self._line.root)

    def close(self) -> None:
        """Let go of the connection."""
        self._line.close()

    def read(self, request: Request) -> Answer:
        """Ask; asking again changes nothing, so a pause or a broken connection is a reason to.

        Raises ``SaysNo``, ``Refused``, ``Unavailable``; ``Unreadable`` for an answer that is too long.
        """
        lost = False
        for count in range(TRIES):
            try:
                return self.once(request)
            except Busy as busy:
                pause = _pause(count, busy.after)
                if count + 1 == TRIES or pause > LONGEST_PAUSE:
                    raise
                time.sleep(pause)
            except Lost as gone:
                # A connection that lay idle may be dead without a word: one fresh one, at once.
                self._line.close()
                if lost or isinstance(gone.__cause__, TimeoutError | ConnectionRefusedError):
                    raise
                lost = True
        raise Unavailable("Google does not answer; it is asked again later")

    def once(self, request: Request) -> Answer:
        """Ask once; a second time only after a 401, which is certain to have done nothing. The failures of ``read``."""
        try:
            return self._answer(request)
        except NoSignIn:
            self._tokens.renewed()
            return self._answer(request)

    def pages(self, name: str, ask: Callable[[str | None], Request]) -> Iterator[Answer]:
        """The rows ``name`` of every page; ``ask`` makes the request for the page with that token."""
        token: str | None = None
        for _ in range(PAGES):
            answer = self.read(ask(token))
            yield from rows(answer, name)
            token = next_page(answer)
            if token is None:
                return
        raise Unavailable("Google's list does not come to an end; it is asked for again later")

    def _answer(self, request: Request) -> Answer:
        with as_failures(self._account):
            answer = request.execute()
            if not isinstance(answer, dict):
                raise TypeError("no JSON object")
            return answer


def _pause(count: int, asked: float | None) -> float:
    """Seconds: what was asked for, else one that doubles; each with some chance in it, so that not all come at once."""
    return (asked if asked is not None else 2.0**count) * (1 + _random.random() / 4)
