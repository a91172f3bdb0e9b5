"""The trace says what was asked and how long it took, and no word of any mail."""

import logging
from datetime import timedelta

import pytest

from connectors.port import Query, Unavailable
from connectors.trace import traced
from connectors.wake import Bell
from tests.contract.mails import ago, draft, fresh_id, mail
from tests.contract.memory_world import MemoryWorld
from tests.contract.world import keys, read_all


def test_each_call_is_logged_without_words(caplog: pytest.LogCaptureFixture) -> None:
    """Every verb with its counts; no subject, no text, no address, no id; the results are those of the mailbox."""
    caplog.set_level(logging.DEBUG, logger="connectors.trace")
    world, own = MemoryWorld(), fresh_id()
    world.deliver(mail(world.account.address, message_id=own, subject="Secret subject", text="Secret text"))
    bell = Bell()
    bell.ring()
    with world.open() as plain:
        mailbox = traced(plain, "home")
        assert keys(read_all(mailbox, not_before=ago(days=1))) == [own]
        query = Query(since=ago(days=1), correspondents=frozenset({"@acme.example"}))
        assert keys(mailbox.search(query)) == [own]
        mailbox.draft_now(mailbox.place_draft(draft(world.account.address)))
        mailbox.wait(timedelta(seconds=9), bell)
    lines = [record.getMessage() for record in caplog.records]
    assert [line.split()[1].rstrip(":") for line in lines if "home: " in line] == [
        "changes", "changes", "changes", "search", "place_draft", "draft_now", "wait",
    ]  # fmt: skip
    assert "1 messages, 0 set aside" in lines[0]
    logged = "\n".join(lines)
    assert not [word for word in ("Secret", "@", own, "Jane", "Dear") if word in logged]


def test_a_failure_is_logged_by_kind(caplog: pytest.LogCaptureFixture) -> None:
    """The failure goes on as it was."""
    caplog.set_level(logging.DEBUG, logger="connectors.trace")
    world = MemoryWorld()
    with world.open() as plain:
        world.stop()
        with pytest.raises(Unavailable):
            list(traced(plain, "home").changes(None, not_before=ago(days=1)))
    assert caplog.messages[-1].endswith("Unavailable")


def test_nothing_stands_between_when_nobody_listens() -> None:
    """Without DEBUG the mailbox itself is used."""
    with MemoryWorld().open() as plain:
        assert traced(plain, "home") is plain
