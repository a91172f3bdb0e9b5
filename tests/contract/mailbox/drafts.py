"""Drafts: placed once, as they should be, and followed wherever the user takes them."""

import json
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message as Raw
from email.utils import parseaddr, parsedate_to_datetime

import pytest

from connectors.message import MessageId
from connectors.message.placed import Placed
from connectors.message.serialise import mint_message_id
from connectors.port import Changed, DraftRef, Gone, Unreadable, Untouched
from tests.contract.mails import LONG_ID, ago, draft, fresh_id, mail, now
from tests.contract.world import World, read_all


def _only(world: World) -> Raw:
    [raw] = world.drafts()
    return message_from_bytes(raw)


def _shown(raw: Raw, name: str) -> str:
    return str(make_header(decode_header(raw[name])))


def _text(raw: Raw) -> str:
    content = raw.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content.decode("utf-8").replace("\r\n", "\n")


def _ids(value: str) -> list[str]:
    return value.split()


class Drafts:
    """``place_draft`` and ``draft_now``."""

    def test_a_draft_is_a_complete_reply(self, world: World) -> None:
        """Every header a mail client needs to open it as a reply in its thread, the parent last, long ids whole."""
        letter = draft(world.account.address, parent=LONG_ID)
        with world.open() as mailbox:
            mailbox.place_draft(letter)
        placed = _only(world)
        assert _ids(placed["Message-ID"]) == [letter.message_id]
        assert _ids(placed["In-Reply-To"]) == [LONG_ID]
        assert _ids(placed["References"]) == ["<first@mail.acme.example>", LONG_ID]
        assert abs(parsedate_to_datetime(placed["Date"]) - letter.date) < timedelta(seconds=1)
        assert parseaddr(placed["From"])[1] == world.account.address
        assert parseaddr(placed["To"])[1] == "jane@acme.example"
        assert placed.get_content_type() == "text/plain"
        assert not [name for name in placed if name.lower().startswith("x-afterword")]

    def test_every_script_survives(self, world: World) -> None:
        """Umlauts, emoji, right-to-left and CJK text arrive in subject, names and body as they were written."""
        words = "Größe\n\n😀👩‍👩‍👧 – “naïve”\nשלום עולם\nمرحبا\n" + "日本語の長い段落です。" * 30 + "\n-- \nAna\n"
        letter = draft(world.account.address, parent=LONG_ID, text=words)
        assert letter.to
        with world.open() as mailbox:
            mailbox.place_draft(letter)
        placed = _only(world)
        assert _shown(placed, "Subject") == letter.subject
        assert letter.sender.name in _shown(placed, "From")
        assert letter.to.name in _shown(placed, "To")
        assert _text(placed) == words

    def test_a_draft_is_flagged_as_one(self, world: World) -> None:
        """It lies there as a draft and as seen: no client shows it as new mail."""
        with world.open() as mailbox:
            mailbox.place_draft(draft(world.account.address, parent=fresh_id()))
        [flags] = world.draft_flags()
        assert flags == {"Draft", "Seen"}

    def test_no_recipient_no_to(self, world: World) -> None:
        """Without a recipient there is no To header, so the mail client asks for one."""
        with world.open() as mailbox:
            mailbox.place_draft(replace(draft(world.account.address), to=None))
        assert _only(world)["To"] is None

    def test_the_same_draft_twice_is_one(self, world: World) -> None:
        """Placing again changes nothing: not on the same connection, not on another."""
        letter = draft(world.account.address, parent=LONG_ID)
        with world.open() as mailbox:
            first = mailbox.place_draft(letter)
            assert mailbox.draft_now(mailbox.place_draft(letter)) == Untouched()
        lying = world.drafts()
        with world.open() as mailbox:
            mailbox.place_draft(letter)
            assert mailbox.draft_now(first) == Untouched()
        assert world.drafts() == lying
        assert len(lying) == 1

    def test_two_letters_are_two_drafts(self, world: World) -> None:
        """Letters to different mails, and a fresh one, lie side by side and are told apart."""
        letters = [draft(world.account.address, parent=parent) for parent in (fresh_id(), fresh_id(), None)]
        with world.open() as mailbox:
            refs = [mailbox.place_draft(letter) for letter in letters]
            assert [mailbox.draft_now(ref) for ref in refs] == [Untouched()] * 3
        assert len(world.drafts()) == 3

    def test_an_edited_draft_is_followed_and_left_alone(self, world: World) -> None:
        """A client that saves a draft gives it a new id; it is known by its parent, read, and never touched again."""
        letter = draft(world.account.address, parent=LONG_ID)
        with world.open() as mailbox:
            ref = mailbox.place_draft(letter)
        world.edit_draft("Dear Jane,\n\nmy own wörds.\n", message_id="<edited@client.example>")
        lying = world.drafts()
        with world.open() as mailbox:
            state = mailbox.draft_now(ref)
            assert isinstance(state, Changed)
            assert state.text.strip() == "Dear Jane,\n\nmy own wörds."
            mailbox.place_draft(letter)
        assert world.drafts() == lying
        assert len(lying) == 1

    def test_a_draft_saved_unchanged_is_untouched(self, world: World) -> None:
        """A new id and a new number with the old words are no edit."""
        letter = draft(world.account.address, parent=LONG_ID)
        with world.open() as mailbox:
            ref = mailbox.place_draft(letter)
        world.edit_draft(letter.text, message_id="<saved@client.example>")
        with world.open() as mailbox:
            assert mailbox.draft_now(ref) == Untouched()

    def test_an_edited_fresh_draft_is_followed(self, world: World) -> None:
        """A letter that answers nothing is known again by its recipient and subject."""
        letter = draft(world.account.address)
        with world.open() as mailbox:
            ref = mailbox.place_draft(letter)
        world.edit_draft("My own words.\n", message_id="<edited@client.example>")
        with world.open() as mailbox:
            state = mailbox.draft_now(ref)
            assert isinstance(state, Changed)
            assert state.text.strip() == "My own words."
            mailbox.place_draft(letter)
        assert len(world.drafts()) == 1

    def test_a_draft_of_another_connector_is_followed(self, world: World) -> None:
        """The user moved this mailbox from one protocol to another while a letter lay open."""
        letter = draft(world.account.address)
        added = {"gmail": ["r-404", "404"], "conversation": "elsewhere", "of a later version": 1}
        with world.open() as mailbox:
            mailbox.place_draft(letter)
            ref = DraftRef(json.dumps(json.loads(Placed.of(letter).ref) | added))
            assert mailbox.draft_now(ref) == Untouched()
            world.discard_draft()
            assert mailbox.draft_now(ref) == Gone()

    def test_a_damaged_reference_is_named(self, world: World) -> None:
        """A failure of the port, and no crash."""
        for ref in ("", "[]", "[1, 2]", '{"a": 1}', "[" * 20_000):
            with world.open() as mailbox, pytest.raises(Unreadable):
                mailbox.draft_now(DraftRef(ref))

    def test_a_sent_draft_is_gone_and_not_placed_again(self, world: World) -> None:
        """Sent under a new Message-ID it comes as the user's own mail with the parent in its references."""
        letter = draft(world.account.address, parent=LONG_ID)
        with world.open() as mailbox:
            cursor = list(mailbox.changes(None, not_before=ago(days=1)))[-1].cursor
            ref = mailbox.place_draft(letter)
        sent_id = MessageId("<sent@client.example>")
        world.send_draft(message_id=sent_id)
        with world.open() as mailbox:
            assert mailbox.draft_now(ref) == Gone()
            [sent] = [each for batch in mailbox.changes(cursor, not_before=now()) for each in batch.messages]
            mailbox.place_draft(letter)
            assert mailbox.draft_now(ref) == Gone()
        assert (sent.message_id, sent.outgoing, sent.ancestors[-1]) == (sent_id, True, LONG_ID)
        assert world.drafts() == []

    def test_a_sent_fresh_draft_is_not_placed_again(self, world: World) -> None:
        """Without a parent the recipient and the subject tell that it was sent."""
        letter = draft(world.account.address)
        with world.open() as mailbox:
            ref = mailbox.place_draft(letter)
        world.send_draft(message_id="<sent@client.example>")
        with world.open() as mailbox:
            mailbox.place_draft(letter)
            assert mailbox.draft_now(ref) == Gone()
        assert world.drafts() == []

    def test_a_discarded_draft_is_gone_and_not_placed_again(self, world: World) -> None:
        """Throwing a draft away is a veto: an unclear placing that is repeated does not bring it back."""
        letter = draft(world.account.address, parent=LONG_ID)
        with world.open() as mailbox:
            ref = mailbox.place_draft(letter)
        world.discard_draft()
        with world.open() as mailbox:
            assert mailbox.draft_now(ref) == Gone()
            mailbox.place_draft(letter)
        assert world.drafts() == []

    def test_another_letter_to_the_same_mail_is_placed(self, world: World) -> None:
        """The veto holds for that letter alone: one the user asks for later is another, and the first stays gone."""
        letter = draft(world.account.address, parent=LONG_ID)
        again = replace(letter, message_id=mint_message_id("example.org"), text="Another one.\n")
        with world.open() as mailbox:
            first = mailbox.place_draft(letter)
        world.discard_draft()
        with world.open() as mailbox:
            second = mailbox.place_draft(again)
            assert mailbox.draft_now(second) == Untouched()
            assert mailbox.draft_now(first) == Gone()
        assert len(world.drafts()) == 1

    def test_an_earlier_answer_of_the_user_is_no_copy(self, world: World) -> None:
        """What the user sent to the same mail before the letter was composed does not stand in for it."""
        parent, me = fresh_id(), world.account.address
        world.send(mail("jane@acme.example", sender=me, answers=[parent], date=ago(hours=3)))
        with world.open() as mailbox:
            ref = mailbox.place_draft(draft(me, parent=parent))
            assert mailbox.draft_now(ref) == Untouched()
        assert len(world.drafts()) == 1

    def test_an_own_answer_leaves_the_draft(self, world: World) -> None:
        """The user answers on their own: the answer comes as sent mail, the draft lies there untouched."""
        parent, own, me = fresh_id(), fresh_id(), world.account.address
        with world.open() as mailbox:
            ref = mailbox.place_draft(draft(me, parent=parent))
        world.send(mail("jane@acme.example", sender=me, message_id=own, answers=[parent]))
        with world.open() as mailbox:
            assert mailbox.draft_now(ref) == Untouched()
            [answer] = read_all(mailbox, not_before=ago(days=1))
        assert (answer.message_id, answer.outgoing) == (own, True)
