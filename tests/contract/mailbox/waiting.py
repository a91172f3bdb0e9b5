"""Waiting: over as soon as there is a reason, and not before."""

import time
from datetime import timedelta
from threading import Timer

from connectors.port import Mailbox
from connectors.wake import Bell
from tests.contract.mails import ago, fresh_id, mail
from tests.contract.world import World, keys_since, read_all


def _waited(mailbox: Mailbox, bell: Bell, *, seconds: float) -> float:
    start = time.monotonic()
    mailbox.wait(timedelta(seconds=seconds), bell)
    return time.monotonic() - start


class Waiting:
    """``wait``."""

    def test_it_ends_at_the_timeout(self, world: World) -> None:
        """With no mail and no bell it lasts as long as it was told to."""
        with world.open() as mailbox:
            read_all(mailbox, not_before=ago(days=1))
            assert 0.35 < _waited(mailbox, Bell(), seconds=0.4) < 3

    def test_the_bell_ends_it(self, world: World) -> None:
        """A bell rung by another thread ends it within a second."""
        bell = Bell()
        with world.open() as mailbox:
            read_all(mailbox, not_before=ago(days=1))
            Timer(0.2, bell.ring).start()
            assert _waited(mailbox, bell, seconds=30) < 1.2

    def test_a_bell_rung_before_ends_it_at_once(self, world: World) -> None:
        """A wake-up that came before the wait began is not lost."""
        bell = Bell()
        bell.ring()
        with world.open() as mailbox:
            read_all(mailbox, not_before=ago(days=1))
            assert _waited(mailbox, bell, seconds=30) < 1

    def test_new_mail_ends_it(self, world: World) -> None:
        """Mail that comes during the wait ends it within a few seconds, and is there to be read."""
        new = fresh_id()
        with world.open() as mailbox:
            cursor = list(mailbox.changes(None, not_before=ago(days=1)))[-1].cursor
            Timer(0.3, world.deliver, [mail(world.account.address, message_id=new)]).start()
            assert _waited(mailbox, Bell(), seconds=30) < 5
            assert keys_since(mailbox, cursor) == [new]

    def test_mail_between_reading_and_waiting_ends_it(self, world: World) -> None:
        """Mail that came after the reading and before the wait is not slept over."""
        with world.open() as mailbox:
            read_all(mailbox, not_before=ago(days=1))
            world.deliver(mail(world.account.address))
            assert _waited(mailbox, Bell(), seconds=30) < 5

    def test_it_can_wait_again(self, world: World) -> None:
        """After any end of a wait the mailbox is as usable as before."""
        bell = Bell()
        with world.open() as mailbox:
            for _ in range(3):
                bell.ring()
                _waited(mailbox, bell, seconds=5)
                bell.clear()
                world.deliver(mail(world.account.address))
                _waited(mailbox, bell, seconds=5)
                read_all(mailbox, not_before=ago(days=1))
            assert len(read_all(mailbox, not_before=ago(days=1))) == 3
