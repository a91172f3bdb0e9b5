"""Reading: everything once, nothing marked, nothing moved."""

from datetime import timedelta

from connectors.message import MessageId
from tests.contract.mails import LONG_ID, WORLDLY, ago, fresh_id, invitation, mail
from tests.contract.world import World, keys, keys_since, read_all


class Reading:
    """``changes`` without a cursor."""

    def test_received_and_sent_mail_is_given_once(self, world: World) -> None:
        """Every mail of INBOX and of Sent comes once, and which of them the user wrote is known."""
        me = world.account.address
        received, sent = fresh_id(), fresh_id()
        world.deliver(mail(me, message_id=received))
        world.send(mail("jane@acme.example", sender=me, message_id=sent, answers=[received]))
        with world.open() as mailbox:
            found = read_all(mailbox, not_before=ago(days=1))
        assert sorted((str(each.key), each.outgoing) for each in found) == sorted([(received, False), (sent, True)])

    def test_an_empty_mailbox_gives_one_cursor(self, world: World) -> None:
        """There is always a cursor to save, and nothing repeats the first reading."""
        with world.open() as mailbox:
            batches = list(mailbox.changes(None, not_before=ago(days=1)))
            assert len(batches) >= 1
            world.deliver(mail(world.account.address, message_id=LONG_ID))
            assert keys_since(mailbox, batches[-1].cursor) == [LONG_ID]

    def test_the_oldest_comes_first_within_a_batch(self, world: World) -> None:
        """Within a batch the messages stand in the order in which they arrived, not in that of the folder."""
        for hours in (3, 1, 5, 2, 4):
            world.deliver(mail(world.account.address), arrived=ago(hours=hours))
        with world.open() as mailbox:
            batches = list(mailbox.changes(None, not_before=ago(days=1)))
        assert sum(len(batch.messages) for batch in batches) == 5
        for batch in batches:
            arrivals = [each.arrived for each in batch.messages]
            assert arrivals == sorted(arrivals)

    def test_arrival_is_the_mailbox_own_time(self, world: World) -> None:
        """The clock starts when the mail came into the mailbox, whatever its Date header claims."""
        arrived, claimed = ago(hours=7), ago(days=300)
        world.deliver(mail(world.account.address, date=claimed), arrived=arrived)
        with world.open() as mailbox:
            [message] = read_all(mailbox, not_before=ago(days=1))
        assert abs(message.arrived - arrived) < timedelta(seconds=2)
        assert message.date == claimed

    def test_mail_from_before_is_left_out(self, world: World) -> None:
        """Without a cursor only mail that arrived at ``not_before`` or later is given, received or sent."""
        young = fresh_id()
        world.deliver(mail(world.account.address), arrived=ago(days=9))
        world.deliver(mail(world.account.address, message_id=young), arrived=ago(days=1))
        with world.open() as mailbox:
            assert keys(read_all(mailbox, not_before=ago(days=3))) == [young]

    def test_nothing_is_marked_and_nothing_vanishes(self, world: World) -> None:
        """Reading, searching and looking at drafts leave every mail where and as it was."""
        for _ in range(3):
            world.deliver(mail(world.account.address))
        world.send(mail("jane@acme.example", sender=world.account.address))
        before = (world.unseen(), world.count())
        with world.open() as mailbox:
            read_all(mailbox, not_before=ago(days=1))
            read_all(mailbox, not_before=ago(days=1))
        assert (world.unseen(), world.count()) == before == (3, 4)

    def test_the_parts_of_a_mail(self, world: World) -> None:
        """Both texts and the calendar are read; attachments, text files and forwarded mails included, are not."""
        own = fresh_id()
        world.deliver(invitation(world.account.address, message_id=own))
        with world.open() as mailbox:
            [message] = read_all(mailbox, not_before=ago(days=1))
        assert message.message_id == own
        assert message.subject == WORLDLY
        assert message.sender and (message.sender.name, message.sender.address) == ("Jörg Weiß", "jw@acme.example")
        assert [each.address for each in message.to] == [world.account.address]
        assert message.text and message.text.strip() == "Wir freuen uns: Grüße!"
        assert message.html and "<b>Grüße!</b>" in message.html
        assert len(message.calendars) == 1 and "SUMMARY:Gespräch" in message.calendars[0]
        assert "not of this mail" not in message.text + message.html
        assert (message.header("Content-Type") or "").startswith("multipart/mixed")

    def test_what_a_mail_answers(self, world: World) -> None:
        """References and In-Reply-To come whole, ids of more than 78 characters too, in their order."""
        root, own = fresh_id(), fresh_id()
        world.deliver(mail(world.account.address, message_id=own, answers=[root, LONG_ID]))
        with world.open() as mailbox:
            [message] = read_all(mailbox, not_before=ago(days=1))
        assert message.references == (root, LONG_ID)
        assert message.in_reply_to == LONG_ID

    def test_a_long_text_is_cut_and_read(self, world: World) -> None:
        """A mail of megabytes costs no more than its first few hundred kilobytes of text."""
        world.deliver(mail(world.account.address, text="We decided otherwise.\n" + "ö" * 70 + "\n" + "word " * 700_000))
        with world.open() as mailbox:
            [message] = read_all(mailbox, not_before=ago(days=1))
        assert message.text and message.text.startswith("We decided otherwise.\n" + "ö" * 70)
        assert 100_000 < len(message.text) < 1_000_000

    def test_mail_to_oneself_is_the_users_own(self, world: World) -> None:
        """The copy in INBOX of what the user sent is outgoing like the copy in Sent, whichever comes first."""
        me = world.account.address
        world.deliver(mail(me, sender=f"Me <{me.upper()}>"))
        with world.open() as mailbox:
            [message] = read_all(mailbox, not_before=ago(days=1))
        assert message.outgoing

    def test_garbage_does_not_stop_the_reading(self, world: World) -> None:
        """What is no mail is given as far as it can be read or set aside; the next mail is read."""
        good = fresh_id()
        world.deliver(b"\x80\x81\xfe this has no header\r\n\r\n\xff\xff")
        world.deliver(b'Content-Type: multipart/mixed; boundary*1*="\r\nFrom: <<<\r\nMessage-ID: <[a b\r\n\r\n--\r\n')
        world.deliver(mail(world.account.address, message_id=good))
        with world.open() as mailbox:
            batches = list(mailbox.changes(None, not_before=ago(days=1)))
        keys: list[str] = [each.key for batch in batches for each in batch.messages]
        aside = [each for batch in batches for each in batch.set_aside]
        assert good in keys
        assert len(keys) + len(aside) == 3
        assert all(each.place and each.reason for each in aside)

    def test_an_id_that_is_no_id_is_not_one(self, world: World) -> None:
        """A Message-ID that could break a command or a header is dropped; the mail has a key all the same."""
        raw = mail(world.account.address, message_id=MessageId("<evil@acme.example>"))
        world.deliver(raw.replace(b"<evil@acme.example>", b'<e"vil\\@acme.example>'))
        with world.open() as mailbox:
            [first] = read_all(mailbox, not_before=ago(days=1))
            [second] = read_all(mailbox, not_before=ago(days=1))
        assert first.message_id is None
        assert first.key == second.key
        assert first.key.startswith("sha256:")
