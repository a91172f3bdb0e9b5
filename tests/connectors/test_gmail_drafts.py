"""A draft is made once, in its thread, whatever happens between the request and its answer."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from connectors.message import Draft, MessageId
from connectors.message.placed import Placed
from connectors.port import Changed, DraftRef, Gone, Refused, Unavailable, Untouched
from tests.contract.clients import saved_again
from tests.contract.gmail_world import GmailWorld
from tests.contract.mails import WORLDLY, draft, fresh_id, mail
from tests.servers.gmail import Gmail
from tests.servers.gmail_trouble import Act, answers, cut, done_and_cut, fails, portal, truncated

ME = "ana@example.org"
CREATE = "POST .*/drafts"


@pytest.fixture
def world() -> Iterator[GmailWorld]:
    """An empty mailbox."""
    with Gmail() as server:
        yield GmailWorld(server)


def _place(world: GmailWorld, letter: Draft) -> DraftRef:
    with world.open() as mailbox:
        return mailbox.place_draft(letter)


def _reply_to(world: GmailWorld, *, subject: str = WORLDLY) -> tuple[Draft, str]:
    """A letter that answers a mail in the inbox, and the mail's thread."""
    notice = fresh_id()
    one = world.server.store.insert(mail(ME, message_id=notice, subject=subject), {"INBOX"})
    letter = draft(ME, parent=notice)
    assert letter.parent
    return replace(letter, parent=replace(letter.parent, thread=one.thread)), one.thread


UNCLEAR: dict[str, Act] = {
    "the answer is lost": done_and_cut,
    "the answer is cut": truncated,
    "nothing was done": cut,
    "a 500 without the deed": fails(500, "backendError"),
    "a 503 with the deed": lambda do: (do(), fails(503, "backendError")(do))[1],
    "somebody else answers": portal,
    "another answer": answers(b"[]"),
}


@pytest.mark.parametrize("act", UNCLEAR.values(), ids=list(UNCLEAR))
@pytest.mark.parametrize("indexing", [True, False], ids=["", "the search is behind"])
def test_an_unclear_placing_makes_one_draft(world: GmailWorld, act: Act, indexing: bool) -> None:
    """The request leaves once; tried again later, what lies there is found first, also before Google's search knows."""
    world.server.store.indexing = indexing
    letter, _ = _reply_to(world)
    world.server.next(CREATE, act)
    with pytest.raises(Unavailable):
        _place(world, letter)
    assert world.server.count(CREATE) == 1
    ref = _place(world, letter)
    assert len(world.drafts()) == 1
    with world.open() as mailbox:
        assert mailbox.draft_now(ref) == Untouched()


def test_a_draft_joins_its_thread(world: GmailWorld) -> None:
    """With the thread's id, In-Reply-To, References and the same subject it lies in the conversation."""
    letter, thread = _reply_to(world)
    _place(world, letter)
    assert {each.thread for each in world.server.store.messages.values()} == {thread}


@pytest.mark.parametrize("thread", ["18f00000deadbeef", "AAQkAGI2_of-another-account"])
def test_a_thread_that_is_not_there_costs_the_thread_alone(world: GmailWorld, thread: str) -> None:
    """The conversation was deleted: the draft is made all the same, once."""
    letter, _ = _reply_to(world)
    assert letter.parent
    _place(world, replace(letter, parent=replace(letter.parent, thread=thread)))
    assert len(world.drafts()) == 1
    assert world.server.count(CREATE) == 2


def test_a_plain_no_is_refused(world: GmailWorld) -> None:
    """It says so with Google's word, and the mailbox stays usable."""
    letter, _ = _reply_to(world)
    world.server.next(CREATE, *[fails(400, "invalidArgument")] * 2)
    with world.open() as mailbox:
        with pytest.raises(Refused, match="400 invalidargument"):
            mailbox.place_draft(letter)
        mailbox.place_draft(letter)
    assert len(world.drafts()) == 1


def test_a_pause_asked_for_while_placing_is_a_pause(world: GmailWorld) -> None:
    """The request is not repeated behind the user's back; the next turn looks and places."""
    letter, _ = _reply_to(world)
    world.server.next(CREATE, fails(429, "rateLimitExceeded"))
    with pytest.raises(Unavailable, match="pause"):
        _place(world, letter)
    _place(world, letter)
    assert (world.server.count(CREATE), len(world.drafts())) == (2, 1)


def test_a_clock_that_is_a_day_ahead_places_once(world: GmailWorld) -> None:
    """Google's times are all before the draft's date then."""
    letter, _ = _reply_to(world)
    letter = replace(letter, date=letter.date + timedelta(days=1))
    ref = _place(world, letter)
    _place(world, letter)
    assert len(world.drafts()) == 1
    with world.open() as mailbox:
        assert mailbox.draft_now(ref) == Untouched()


def test_a_draft_whose_every_header_was_changed_is_followed_by_its_id(world: GmailWorld) -> None:
    """Another recipient, another subject, no parent: the draft's own id says which it is."""
    letter, _ = _reply_to(world)
    ref = _place(world, letter)
    [name] = world.server.store.drafts
    world.server.store.update_draft(name, mail("other@acme.example", sender=ME, subject="Hello", text="My words.\n"))
    with world.open() as mailbox:
        assert mailbox.draft_now(ref) == Changed("My words.\n")


@pytest.mark.parametrize("label", ["TRASH", "SENT"])
def test_a_draft_that_keeps_its_id_elsewhere_is_gone(world: GmailWorld, label: str) -> None:
    """Google's pages do not say whether a discarded or sent draft loses its id at once; its labels tell."""
    letter, _ = _reply_to(world)
    ref = _place(world, letter)
    [own] = world.server.store.drafts.values()
    world.server.store.mark(own, add={label}, remove={"DRAFT"})
    with world.open() as mailbox:
        assert mailbox.draft_now(ref) == Gone()


def test_looking_at_an_untouched_draft_costs_one_request(world: GmailWorld) -> None:
    """The id of the message in it says that it is untouched; its text is not read."""
    letter, _ = _reply_to(world)
    with world.open() as mailbox:
        ref = mailbox.place_draft(letter)
        before = len(world.server.asked)
        assert mailbox.draft_now(ref) == Untouched()
    [asked] = world.server.asked[before:]
    assert asked.first("format") == "minimal"


def test_the_reference_of_an_imap_account_is_understood(world: GmailWorld) -> None:
    """A user who moves from IMAP to the API keeps their open letters."""
    letter, _ = _reply_to(world)
    _place(world, letter)
    with world.open() as mailbox:
        assert mailbox.draft_now(Placed.of(letter).ref) == Untouched()
    world.discard_draft()
    with world.open() as mailbox:
        assert mailbox.draft_now(Placed.of(letter).ref) == Gone()


def test_many_drafts_of_the_user_are_not_taken_for_ours(world: GmailWorld) -> None:
    """And each is looked at once a connection, whatever many letters are placed."""
    for number in range(30):
        world.server.store.create_draft(mail("x@acme.example", sender=ME, subject=f"Draft {number}"))
    with world.open() as mailbox:
        for _ in range(3):
            mailbox.place_draft(_reply_to(world)[0])
    assert len(world.drafts()) == 33
    looked_at = [each.path for each in world.server.asked if each.first("format") == "metadata"]
    assert len(looked_at) == len(set(looked_at))


def test_a_draft_sent_before_the_answer_came_is_not_placed_again(world: GmailWorld) -> None:
    """Placed, the answer lost, and the user sends it at once under another Message-ID."""
    letter, _ = _reply_to(world)
    world.server.next(CREATE, done_and_cut)
    with pytest.raises(Unavailable):
        _place(world, letter)
    world.send_draft(message_id="<CA@mail.gmail.example>")
    ref = _place(world, letter)
    assert world.drafts() == []
    with world.open() as mailbox:
        assert mailbox.draft_now(ref) == Gone()


def test_thunderbird_on_the_same_account_is_followed(world: GmailWorld) -> None:
    """Over IMAP it makes a new draft and removes ours: another draft id, another message, no label of ours."""
    letter, _ = _reply_to(world)
    ref = _place(world, letter)
    [(name, own)] = world.server.store.drafts.items()
    raw = saved_again(world.server.store.messages[own].raw, "My own words.\n", message_id="<tb@client.example>")
    world.server.store.create_draft(raw)
    world.server.store.vanish(own)
    assert name not in world.server.store.drafts
    with world.open() as mailbox:
        state = mailbox.draft_now(ref)
    assert isinstance(state, Changed) and state.text.strip() == "My own words."


def test_a_message_id_is_looked_for_everywhere(world: GmailWorld) -> None:
    """Filed away under a label of the user's, without a date that fits: its id is enough."""
    letter, _ = _reply_to(world)
    world.server.store.insert(mail(ME, sender=ME, message_id=MessageId(letter.message_id)), set())
    _place(world, letter)
    assert world.drafts() == []
