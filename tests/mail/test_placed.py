"""A placed draft is known again, and nothing else is taken for it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from connectors.message import Address, Draft, Message, MessageId, Parent
from connectors.message.placed import Placed
from connectors.message.serialise import as_bytes, mint_message_id
from connectors.port import Changed, Gone, Untouched
from tests.mail import read

COMPOSED = datetime(2026, 11, 23, 10, 30, tzinfo=UTC)
PARENT = MessageId("<notice@acme.example>")
FRESH = Draft(
    message_id=mint_message_id("example.org"),
    sender=Address(address="ana@example.org"),
    to=Address(address="Jane@acme.example"),
    subject="Advice",
    text="Dear Jane,\n\nplease.\n",
    date=COMPOSED,
)
REPLY = replace(FRESH, parent=Parent(message_id=PARENT, references=(PARENT,)))


def _lying(draft: Draft) -> Message:
    return read(as_bytes(draft), outgoing=True)


def _saved(draft: Draft, *, text: str | None = None, minutes: int = 30, html: str | None = None) -> Message:
    """The draft as a mail client saved it later: with an id and a date of the client's own."""
    message = replace(_lying(draft), message_id=MessageId("<client@x>"), date=COMPOSED + timedelta(minutes=minutes))
    return replace(message, text=None if html else text or message.text, html=html)


@pytest.mark.parametrize("draft", [FRESH, REPLY, replace(FRESH, to=None)], ids=["fresh", "reply", "nobody"])
def test_a_draft_is_followed(draft: Draft) -> None:
    """As it was placed, saved again, rewritten, and gone; through its journaled form."""
    placed = Placed.read(Placed.of(draft).ref)
    assert placed.state([_lying(draft)]) == Untouched()
    assert placed.state([_saved(draft)]) == Untouched()
    assert placed.state([_saved(draft, text="My own words.")]) == Changed("My own words.")
    assert placed.state([]) == Gone()


def test_white_space_is_no_edit() -> None:
    """Clients wrap lines, pad them and drop the last line end when they save."""
    assert Placed.of(REPLY).state([_saved(REPLY, text="Dear Jane, \r\n\r\n please.")]) == Untouched()


def test_a_draft_saved_as_html() -> None:
    """A client that saves HTML alone: the same words are no edit, other words are shown as text."""
    placed = Placed.of(REPLY)
    assert placed.state([_saved(REPLY, html="<p>Dear Jane,</p><div><b>plea</b>se.<br></div>")]) == Untouched()
    assert placed.state([_saved(REPLY, html="<p>Dear</p>Jo<b>hn</b>")]) == Changed("Dear\nJohn")


def test_the_newest_copy_counts() -> None:
    """A client that left an older copy behind does not hide what the user wrote last; the draft itself comes first."""
    placed = Placed.of(REPLY)
    copies = [
        _saved(REPLY, text="second", minutes=9),
        _saved(REPLY, text="third", minutes=20),
        _saved(REPLY, text="first"),
    ]
    assert placed.state(copies[:2]) == Changed("third")
    assert placed.state([*copies, _lying(REPLY)]) == Untouched()


@pytest.mark.parametrize(
    ("draft", "other"),
    [
        (REPLY, _saved(REPLY, minutes=-60)),
        (REPLY, replace(_saved(REPLY), in_reply_to=None, references=())),
        (REPLY, replace(_saved(REPLY), in_reply_to=MessageId("<o@x>"), references=(MessageId("<o@x>"),))),
        (REPLY, _lying(replace(REPLY, message_id=mint_message_id("example.org")))),
        (FRESH, _saved(REPLY)),
        (FRESH, replace(_saved(FRESH), to=(), subject="Other")),
        (replace(FRESH, to=None), replace(_saved(FRESH), subject="Other")),
    ],
    ids=["older", "fresh", "another thread", "another letter", "an answer", "another person", "nobody"],
)
def test_what_is_no_copy(draft: Draft, other: Message) -> None:
    """Older mail, other threads, other people and our own other letters are not this draft."""
    assert not Placed.of(draft).is_copy(other)
    assert Placed.of(draft).state([other]) == Gone()


def test_a_reference_holds_no_word_of_the_letter() -> None:
    """The journal keeps ids and hashes; neither the text nor the person."""
    ref = Placed.of(REPLY).ref
    assert "please" not in ref
    assert "jane@" not in ref.casefold()
    assert "Advice" not in ref
