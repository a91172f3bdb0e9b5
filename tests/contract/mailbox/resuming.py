"""Cursors: nothing twice, nothing missed, over breaks, restarts and forgetful servers."""

import pytest

from connectors.message import MessageId
from connectors.port import Changes, Cursor, CursorExpired
from tests.contract.mails import ago, draft, fresh_id, mail
from tests.contract.world import World, keys, keys_since, read_all


def _keys(batches: list[Changes]) -> list[str]:
    return [each.key for batch in batches for each in batch.messages]


def _since(world: World, cursor: Cursor) -> list[str]:
    """The keys of what came after the cursor, read over a new connection."""
    with world.open() as mailbox:
        return keys_since(mailbox, cursor)


def _read_to_end(world: World) -> Cursor:
    with world.open() as mailbox:
        return list(mailbox.changes(None, not_before=ago(days=1)))[-1].cursor


class Resuming:
    """``changes`` with a cursor."""

    def test_only_what_came_after_is_given(self, world: World) -> None:
        """A cursor holds over connections; received and sent mail after it is given, however old it claims to be."""
        me = world.account.address
        world.deliver(mail(me))
        world.send(mail("jane@acme.example", sender=me))
        cursor = _read_to_end(world)
        assert _since(world, cursor) == []
        received, sent = fresh_id(), fresh_id()
        world.deliver(mail(me, message_id=received, date=ago(days=30)), arrived=ago(days=20))
        world.send(mail("jane@acme.example", sender=me, message_id=sent))
        assert sorted(_since(world, cursor)) == sorted([received, sent])

    def test_a_break_after_any_batch_loses_and_repeats_nothing(self, world: World) -> None:
        """Whoever saved the cursor of a batch gets exactly the rest, and no mail from before ``not_before``."""
        me = world.account.address
        wanted: list[MessageId] = []
        for number in range(120):
            old = number % 10 == 9
            message_id = fresh_id()
            arrived = ago(days=30) if old else ago(hours=1)
            world.deliver(mail(me, message_id=message_id), arrived=arrived)
            wanted += [] if old else [message_id]
        wanted.append(fresh_id())
        world.send(mail("jane@acme.example", sender=me, message_id=wanted[-1]))
        with world.open() as mailbox:
            batches = list(mailbox.changes(None, not_before=ago(days=1)))
        assert sorted(_keys(batches)) == sorted(wanted)
        assert max(len(batch.messages) for batch in batches) <= 100, "a batch bounds the memory"
        for at, batch in enumerate(batches):
            assert sorted(_since(world, batch.cursor)) == sorted(_keys(batches[at + 1 :]))

    def test_mail_the_user_has_read_is_not_given_again(self, world: World) -> None:
        """Reading a mail in the mail client is no change; mail that comes meanwhile is."""
        world.deliver(mail(world.account.address))
        cursor = _read_to_end(world)
        world.read_inbox()
        assert world.unseen() == 0
        assert _since(world, cursor) == []
        new = fresh_id()
        world.deliver(mail(world.account.address, message_id=new))
        world.read_inbox()
        assert _since(world, cursor) == [new]

    def test_a_reading_broken_off_inside_a_batch_repeats_it(self, world: World) -> None:
        """Without the batch's cursor saved the batch comes again: at least once, never lost."""
        world.deliver(mail(world.account.address))
        with world.open() as mailbox:
            first = next(iter(mailbox.changes(None, not_before=ago(days=1))))
            second = next(iter(mailbox.changes(None, not_before=ago(days=1))))
        assert _keys([first]) == _keys([second]) != []

    def test_a_forgotten_cursor_is_an_error(self, world: World) -> None:
        """A mailbox that lost its numbering says so before it gives anything."""
        world.deliver(mail(world.account.address))
        cursor = _read_to_end(world)
        world.forget_cursors()
        with world.open() as mailbox, pytest.raises(CursorExpired):
            next(iter(mailbox.changes(cursor, not_before=ago(days=1))))

    def test_a_forgotten_cursor_repeats_no_draft(self, world: World) -> None:
        """Read again from a date, every mail has the key it had, and the promised draft is still one draft."""
        notice = fresh_id()
        world.deliver(mail(world.account.address, message_id=notice))
        letter = draft(world.account.address, parent=notice)
        with world.open() as mailbox:
            before = keys(read_all(mailbox, not_before=ago(days=1)))
            mailbox.place_draft(letter)
        world.forget_cursors()
        with world.open() as mailbox:
            assert keys(read_all(mailbox, not_before=ago(days=1))) == before == [notice]
            mailbox.place_draft(letter)
        assert len(world.drafts()) == 1

    def test_drafts_are_no_changes(self, world: World) -> None:
        """What lies in Drafts was neither received nor sent."""
        with world.open() as mailbox:
            cursor = list(mailbox.changes(None, not_before=ago(days=1)))[-1].cursor
            mailbox.place_draft(draft(world.account.address))
            assert keys_since(mailbox, cursor) == []
            assert read_all(mailbox, not_before=ago(days=1)) == []
