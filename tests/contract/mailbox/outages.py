"""Outages: a failure that says how far it reaches, and nothing lost."""

import time
from datetime import timedelta
from threading import Timer

import pytest

from connectors.port import Query, Unavailable
from connectors.wake import Bell
from tests.contract.mails import ago, draft, fresh_id, mail
from tests.contract.world import World, keys_since, read_all


class Outages:
    """What a server that is gone does to every verb."""

    def test_a_dead_server_is_unavailable(self, world: World) -> None:
        """Connecting to nothing is ``Unavailable``, in a sentence that names no address."""
        world.stop()
        try:
            with pytest.raises(Unavailable) as failure, world.open() as mailbox:
                read_all(mailbox, not_before=ago(days=1))
        finally:
            world.start()
        assert len(str(failure.value)) > 20
        assert world.account.address not in str(failure.value)

    def test_a_server_that_dies_is_unavailable(self, world: World) -> None:
        """A connection that breaks is ``Unavailable`` at the next verb, whichever it is."""
        with world.open() as mailbox:
            ref = mailbox.place_draft(draft(world.account.address))
            world.stop()
            try:
                with pytest.raises(Unavailable):
                    list(mailbox.changes(None, not_before=ago(days=1)))
                with pytest.raises(Unavailable):
                    list(mailbox.search(Query(since=ago(days=1), names=frozenset({"Acme"}))))
                with pytest.raises(Unavailable):
                    mailbox.draft_now(ref)
                with pytest.raises(Unavailable):
                    mailbox.place_draft(draft(world.account.address))
            finally:
                world.start()

    def test_a_wait_ends_when_the_server_dies(self, world: World) -> None:
        """A dead server does not hold the wait: it ends soon, and the failure shows then or at the next verb."""
        with world.open() as mailbox:
            read_all(mailbox, not_before=ago(days=1))
            Timer(0.3, world.stop).start()
            start = time.monotonic()
            try:
                with pytest.raises(Unavailable):
                    mailbox.wait(timedelta(seconds=30), Bell())
                    read_all(mailbox, not_before=ago(days=1))
                assert time.monotonic() - start < 10
            finally:
                world.start()

    def test_the_old_cursor_holds_after_a_restart(self, world: World) -> None:
        """A server that comes back goes on where it was: no mail twice, none missed, the draft still known."""
        me = world.account.address
        world.deliver(mail(me))
        with world.open() as mailbox:
            cursor = list(mailbox.changes(None, not_before=ago(days=1)))[-1].cursor
            letter = draft(me, parent=fresh_id())
            mailbox.place_draft(letter)
        world.stop()
        world.start()
        new = fresh_id()
        world.deliver(mail(me, message_id=new))
        with world.open() as mailbox:
            assert keys_since(mailbox, cursor) == [new]
            mailbox.place_draft(letter)
        assert len(world.drafts()) == 1
