"""Whatever JSON comes in the place of an answer, what comes out is a message, nothing, or a named failure."""

import json
import random
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from connectors.port import Failure, Query
from connectors.wake import Bell
from tests.contract.gmail_world import GmailWorld
from tests.contract.mails import ago, draft, fresh_id, mail
from tests.servers.gmail import Gmail
from tests.servers.gmail_trouble import Act, Reply

ME = "ana@example.org"
ROUNDS = 40
JUNK: list[object] = [
    None,
    True,
    -1,
    10**30,
    1e308,
    "",
    "x" * 5000,
    "\ud800",
    "../../x",
    "\r\nA: b",
    [],
    [[]],
    {},
    {"a": {}},
]


def _spoilt(value: Any, chance: random.Random) -> Any:
    """The same value with one thing in it, at any depth, changed, left out or doubled."""
    if isinstance(value, dict) and value and chance.random() < 0.9:
        key = chance.choice(sorted(value))
        if chance.random() < 0.2:
            return {name: each for name, each in value.items() if name != key}
        return value | {key: _spoilt(value[key], chance)}
    if isinstance(value, list) and value and chance.random() < 0.9:
        at = chance.randrange(len(value))
        return [*value[:at], _spoilt(value[at], chance), *value[at:]]
    return chance.choice(JUNK)


def _spoiling(chance: random.Random) -> Act:
    def act(do: Callable[[], Reply]) -> Reply:
        return Reply(body=json.dumps(_spoilt(json.loads(do().body), chance)).encode())

    return act


def _use(world: GmailWorld, chance: random.Random) -> None:
    """Every verb once, each with one spoilt answer on its way."""
    with world.open() as mailbox:
        letter, bell = draft(ME, parent=fresh_id()), Bell()
        ref = mailbox.place_draft(letter)
        cursor = list(mailbox.changes(None, not_before=ago(days=1)))[-1].cursor
        world.deliver(mail(ME, message_id=fresh_id()))
        bell.ring()
        query = Query(
            since=ago(days=9), correspondents=frozenset({"@acme.example"}), references=frozenset({fresh_id()})
        )
        verbs: list[Callable[[], object]] = [
            lambda: list(mailbox.changes(None, not_before=ago(days=1))),
            lambda: list(mailbox.changes(cursor, not_before=ago(days=1))),
            lambda: list(mailbox.search(query)),
            lambda: mailbox.place_draft(draft(ME, parent=fresh_id())),
            lambda: mailbox.draft_now(ref),
            lambda: mailbox.place_draft(letter),
        ]
        for verb in verbs:
            for _ in range(chance.randrange(4)):
                world.server.next(
                    f"GET .*{chance.choice(['', 'messages', 'history', 'drafts', 'messages/', 'threads'])}",
                    _spoiling(chance),
                )
            with suppress(Failure):
                verb()
            world.server._acts.clear()


def test_no_shape_of_an_answer_gets_through_as_another_exception() -> None:
    """Seeded: the same rounds every time. Nothing is written but drafts."""
    chance = random.Random(20261123)  # noqa: S311 - spoilt answers, no secret
    for _ in range(ROUNDS // 5):
        with Gmail() as server:
            world = GmailWorld(server)
            world.deliver(mail(ME, message_id=fresh_id()))
            for _ in range(5):
                _use(world, chance)
            assert {each.path for each in server.asked if each.method != "GET"} == {"/gmail/v1/users/me/drafts"}
