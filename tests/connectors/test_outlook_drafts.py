"""Drafts in Outlook: whole by one request, in their conversation, once, and left to the user."""

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from connectors.message import Address, Draft, MessageId, Parent
from connectors.outlook.items import MARK
from connectors.port import Changed, DraftRef, Gone, Refused, Unavailable, Unreadable, Untouched
from tests.contract.mails import ago, draft, fresh_id, mail, now
from tests.contract.outlook_world import OutlookWorld
from tests.servers.graph import HANG_UP, GraphServer
from tests.servers.graph_store import Item

NOTICE = "We went with <somebody> else & wish you well.\n"
LETTER = "Dear Jane,\n\nthank you & your team <3.\nWhat could I do better?\n\nAna\n"


@pytest.fixture
def world() -> Iterator[OutlookWorld]:
    """An empty mailbox."""
    with GraphServer() as server:
        yield OutlookWorld(server)


def _notice(world: OutlookWorld, *, sender: str = "Jane Doe <jane@acme.example>", reply_to: str = "") -> Item:
    raw = mail(world.account.address, sender=sender, text=NOTICE)
    return world.received(f"Reply-To: {reply_to}\r\n".encode() + raw if reply_to else raw)


def _answer(world: OutlookWorld, notice: Item) -> Draft:
    parent = MessageId(notice.properties["internetMessageId"])
    thread = notice.properties["conversationId"]
    letter = draft(world.account.address, text=LETTER)
    return replace(
        letter,
        to=Address(address="Jane@acme.example", name="Jane Doe"),
        parent=Parent(message_id=parent, references=(parent,), thread=thread),
    )


def _place(world: OutlookWorld, letter: Draft) -> DraftRef:
    with world.open() as mailbox:
        return mailbox.place_draft(letter)


def _state(world: OutlookWorld, ref: DraftRef) -> Untouched | Changed | Gone:
    with world.open() as mailbox:
        return mailbox.draft_now(ref)


def _body(world: OutlookWorld) -> str:
    content: Any = world.only_draft().properties["body"]["content"]
    return str(content)


def _writes(world: OutlookWorld) -> list[str]:
    return [f"{each.method} {each.path.rpartition('/')[2]}" for each in world.server.written()]


def test_a_reply_is_whole_by_one_request(world: OutlookWorld) -> None:
    """Text, quote, recipient, subject, conversation and mark at once: nothing half-made can be left behind."""
    notice = _notice(world)
    notice.is_read = True
    letter = _answer(world, notice)
    ref = _place(world, letter)
    assert _writes(world) == ["POST createReply"]
    lying = world.only_draft()
    assert lying.extended[MARK] == letter.message_id
    assert lying.properties["subject"] == letter.subject
    assert [each["emailAddress"]["address"] for each in lying.properties["toRecipients"]] == ["Jane@acme.example"]
    assert lying.properties["conversationId"] == notice.properties["conversationId"]
    assert "thank you &amp; your team &lt;3.<br>\nWhat could" in _body(world)
    assert "wish you well" in _body(world), "the quote is kept"
    assert _state(world, ref) == Untouched()


def test_the_original_stays_unread(world: OutlookWorld) -> None:
    """createReply marks the original as read; whether it is read is the user's to say."""
    notice = _notice(world)
    _place(world, _answer(world, notice))
    assert not notice.is_read
    assert world.server.written()[-1].body == {"isRead": False}


def test_the_original_stays_unread_when_the_answer_is_lost(world: OutlookWorld) -> None:
    notice = _notice(world)
    world.server.fail("POST", "createReply", 500, performed=True)
    with pytest.raises(Unavailable):
        _place(world, _answer(world, notice))
    assert len(world.drafts()) == 1
    assert not notice.is_read


@pytest.mark.parametrize("cut", [True, False])
def test_an_unclear_answer_makes_no_second_draft(world: OutlookWorld, *, cut: bool) -> None:
    """Graph made the draft and the answer was lost or broken off: the mark is found, and nothing is made again."""
    letter = _answer(world, _notice(world))
    world.server.graph.mints_ids = True
    world.server.fail("POST", "createReply", 504, performed=True, cut=cut)
    with pytest.raises(Unavailable):
        _place(world, letter)
    assert _state(world, _place(world, letter)) == Untouched()
    assert len(world.drafts()) == 1
    assert _writes(world).count("POST createReply") == 1


@pytest.mark.parametrize("performed", [True, False])
@pytest.mark.parametrize("at", range(9))
def test_whichever_request_fails_there_is_one_draft(world: OutlookWorld, at: int, *, performed: bool) -> None:
    """Broken off at any request of the placing, done or not, and tried again."""
    world.server.graph.mints_ids = world.server.graph.escapes_comments = True
    letter = _answer(world, _notice(world))
    with world.open() as mailbox:
        world.server.fail("*", "", 500, after=at, performed=performed)
        with contextlib.suppress(Unavailable):
            mailbox.place_draft(letter)
        assert world.server.faults[0].times == 0, "no request failed"
        mailbox.place_draft(letter)
    assert len(world.drafts()) == 1
    assert _writes(world).count("POST createReply") <= 2 - performed


def test_a_lost_connection_makes_no_second_draft(world: OutlookWorld) -> None:
    """Reading is tried again on a new connection, making a draft is not: it may have been made."""
    letter = _answer(world, _notice(world))
    world.server.fail("GET", "/me/messages", HANG_UP)
    world.server.fail("POST", "createReply", HANG_UP, performed=True)
    with pytest.raises(Unavailable):
        _place(world, letter)
    assert _writes(world).count("POST createReply") == 1
    assert _state(world, _place(world, letter)) == Untouched()
    assert len(world.drafts()) == 1


def test_an_unclear_fresh_draft_is_not_made_again(world: OutlookWorld) -> None:
    letter = draft(world.account.address)
    world.server.graph.mints_ids = True
    world.server.fail("POST", "/me/messages", 502, "<html>Bad gateway</html>", performed=True)
    with pytest.raises(Unavailable):
        _place(world, letter)
    _place(world, letter)
    assert len(world.drafts()) == 1


def test_an_unclear_answer_without_a_mark_is_known_by_the_conversation(world: OutlookWorld) -> None:
    """Should mark and references be lost too, a newer draft in the conversation is taken for this one."""
    letter = _answer(world, _notice(world))
    world.server.graph.mints_ids = True
    _place(world, letter)
    world.only_draft().extended.clear()
    _place(world, letter)
    assert len(world.drafts()) == 1


def test_a_letter_of_our_own_in_the_conversation_is_another(world: OutlookWorld) -> None:
    """A draft that bears the mark of another letter does not stand in for this one."""
    letter = _answer(world, _notice(world))
    world.server.graph.mints_ids = True
    first = _place(world, letter)
    world.discard_draft()
    again = replace(letter, message_id=draft(world.account.address).message_id, text="Another one.\n")
    assert _state(world, _place(world, again)) == Untouched()
    assert _state(world, first) == Gone()
    assert len(world.drafts()) == 1


def test_the_mark_holds_when_the_clock_is_wrong(world: OutlookWorld) -> None:
    """A day ahead or behind: the draft is found all the same."""
    for days in (-1, 1):
        letter = replace(draft(world.account.address), date=now() + timedelta(days=days))
        ref = _place(world, letter)
        assert _state(world, ref) == Untouched()
        _place(world, letter)
        assert len(world.drafts()) == 1
        world.store.remove(world.only_draft())


def test_only_the_users_own_words_count_as_changed(world: OutlookWorld) -> None:
    """What the user wrote above the quote is read, and not the rejection below it."""
    ref = _place(world, _answer(world, _notice(world)))
    item = world.only_draft()
    edited = _body(world).replace("What could I do better?", "Why on earth?")
    world.store.change(item, properties={**item.properties, "body": {"contentType": "html", "content": edited}})
    state = _state(world, ref)
    assert isinstance(state, Changed)
    assert "Why on earth?" in state.text
    assert "wish you well" not in state.text
    assert "Doe" not in state.text


@pytest.mark.parametrize(
    "quote",
    [
        '<div id="appendonsend"></div><hr style="width:98%" tabindex="-1"><div id="divRplyFwdMsg">',
        "<div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'><p class=MsoNormal>",
        '<div\r\n id=divRplyFwdMsg dir="ltr">',
    ],
)
def test_a_quote_of_any_outlook_is_no_change(world: OutlookWorld, quote: str) -> None:
    """Saved again by another Outlook, with its own layout of the quote and the same letter, it is untouched."""
    ref = _place(world, _answer(world, _notice(world)))
    item = world.only_draft()
    letter = _body(world).partition("<hr")[0].replace("<br>\n", "</p>\r\n<p class=MsoNormal>&nbsp;")
    saved = {"contentType": "html", "content": f"{letter}{quote}<b>Von:</b> Jane</div></div></body></html>"}
    world.store.change(item, properties={**item.properties, "body": saved})
    assert _state(world, ref) == Untouched()


def test_a_server_that_escapes_the_comment_is_set_right(world: OutlookWorld) -> None:
    """The user must not see tags in the letter: the same draft gets its text anew, the quote stays."""
    world.server.graph.escapes_comments = True
    notice = _notice(world)
    notice.is_read = True
    ref = _place(world, _answer(world, notice))
    assert _writes(world)[0] == "POST createReply"
    assert [each.body.keys() for each in world.server.written()[1:] if each.body] == [{"body"}]
    assert "&lt;br" not in _body(world)
    assert "wish you well" in _body(world)
    assert _state(world, ref) == Untouched()


def test_a_server_that_adds_recipients_is_set_right(world: OutlookWorld) -> None:
    """The letter goes to one person, whomever a reply would go to."""
    world.server.graph.adds_author = True
    _place(world, _answer(world, _notice(world)))
    recipients = world.only_draft().properties["toRecipients"]
    assert [each["emailAddress"]["address"] for each in recipients] == ["Jane@acme.example"]


@pytest.mark.parametrize("refinement", ["internetMessageId", "from", "SystemTime 0x0039", "String 0x1042"])
def test_a_refinement_that_is_refused_is_left_out(world: OutlookWorld, refinement: str) -> None:
    """Better a draft without it than none: the conversation and the mark are enough to know it again."""
    world.server.graph.refuses = {refinement}
    for letter in (_answer(world, _notice(world)), draft(world.account.address)):
        ref = _place(world, letter)
        assert _state(world, ref) == Untouched()
        _place(world, letter)
    assert [each.extended[MARK] for each in world.store.stored("drafts")][-1] == letter.message_id
    assert len(world.drafts()) == 2


def test_reply_to_is_who_is_answered(world: OutlookWorld) -> None:
    """A machine's mail that names a person in Reply-To is answered in its conversation."""
    notice = _notice(world, sender="no-reply@ats.example", reply_to="jane@acme.example")
    _place(world, _answer(world, notice))
    assert "POST createReply" in _writes(world)


def test_another_person_sees_no_quote(world: OutlookWorld) -> None:
    """A letter to somebody who did not write the parent is a fresh draft: they may never have seen that mail."""
    notice = _notice(world, sender="no-reply@ats.example")
    letter = _answer(world, notice)
    ref = _place(world, letter)
    assert _writes(world) == ["POST messages"]
    assert _body(world) == LETTER
    assert _state(world, ref) == Untouched()
    assert not notice.is_read


def test_nobody_to_write_to_is_a_draft_without_recipient(world: OutlookWorld) -> None:
    """createReply would fill in the notice's sender, whom the letter must not go to."""
    letter = replace(_answer(world, _notice(world)), to=None)
    _place(world, letter)
    assert world.only_draft().properties["toRecipients"] == []


def test_a_parent_that_is_gone_still_gets_its_answer(world: OutlookWorld) -> None:
    """The user deleted the notice between two requests: the draft is made afresh, with its references."""
    letter = _answer(world, _notice(world))
    world.server.fail("POST", "createReply", 404, {"error": {"code": "ErrorItemNotFound"}})
    _place(world, letter)
    assert letter.parent
    assert letter.parent.message_id.encode() in world.drafts()[0]


def test_sent_by_the_new_outlook(world: OutlookWorld) -> None:
    """It keeps its id and leaves Drafts: gone, and not placed again."""
    letter = _answer(world, _notice(world))
    with world.open() as mailbox:
        cursor = list(mailbox.changes(None, not_before=ago(days=1)))[-1].cursor
        ref = mailbox.place_draft(letter)
    world.store.send_as_new_outlook(world.only_draft())
    _sent_and_done(world, letter, ref, cursor)


def test_sent_by_classic_outlook(world: OutlookWorld) -> None:
    """A copy under another id and Message-ID, without the mark: known by what it answers."""
    letter = _answer(world, _notice(world))
    with world.open() as mailbox:
        cursor = list(mailbox.changes(None, not_before=ago(days=1)))[-1].cursor
        ref = mailbox.place_draft(letter)
    world.store.send_as_classic_outlook(world.only_draft())
    _sent_and_done(world, letter, ref, cursor)


def _sent_and_done(world: OutlookWorld, letter: Draft, ref: DraftRef, cursor: Any) -> None:
    with world.open() as mailbox:
        assert mailbox.draft_now(ref) == Gone()
        mailbox.place_draft(letter)
        [sent] = [each for batch in mailbox.changes(cursor, not_before=now()) for each in batch.messages]
    assert world.drafts() == []
    assert letter.parent
    assert (sent.outgoing, sent.thread) == (True, letter.parent.thread)
    assert letter.parent.message_id in sent.ancestors


def test_a_draft_moved_to_another_folder_is_gone_and_not_made_again(world: OutlookWorld) -> None:
    """Wherever the user puts it, it bears the mark."""
    letter = draft(world.account.address)
    ref = _place(world, letter)
    world.store.move(world.only_draft(), world.store.add_folder("Later"))
    assert _state(world, ref) == Gone()
    _place(world, letter)
    assert world.drafts() == []


def test_a_full_mailbox_is_the_users_to_empty(world: OutlookWorld) -> None:
    """Refused with a sentence that says what to do; the mailbox stays usable."""
    world.server.fail("POST", "/me/messages", 507, {"error": {"code": "ErrorQuotaExceeded", "message": "victim@x"}})
    with world.open() as mailbox:
        with pytest.raises(Refused, match="make room"):
            mailbox.place_draft(draft(world.account.address))
        mailbox.place_draft(draft(world.account.address))


def test_hostile_names_and_ids_stay_in_their_places(world: OutlookWorld) -> None:
    """Quotes in an id end no filter; line breaks in a name or subject make no header."""
    parent = MessageId("<a'b'or'1'eq'1@x.example>")
    world.deliver(mail(world.account.address, message_id=parent))
    letter = replace(
        draft(world.account.address, parent=parent),
        to=Address(address="jane@acme.example", name='Jane"\r\nBcc: eve@evil.example'),
        subject="Re: a\r\nBcc: eve@evil.example",
    )
    ref = _place(world, letter)
    assert _state(world, ref) == Untouched()
    assert b"\r\nBcc:" not in world.drafts()[0]
    assert "POST createReply" in _writes(world)


def test_a_ref_from_elsewhere_is_named(world: OutlookWorld) -> None:
    """What the journal kept may be damaged: a failure of the port, and no crash."""
    for ref in ("", "[]", "[1, 2]", '{"a": 1}'):
        with world.open() as mailbox, pytest.raises(Unreadable):
            mailbox.draft_now(DraftRef(ref))


def test_two_letters_in_one_conversation_to_two_mails(world: OutlookWorld) -> None:
    """Answers to different mails are different drafts, also when Graph mints its own ids."""
    world.server.graph.mints_ids = True
    first, second = _notice(world), _notice(world)
    letters = [_answer(world, each) for each in (first, second)]
    refs = [_place(world, each) for each in letters]
    assert [_state(world, ref) for ref in refs] == [Untouched()] * 2
    assert len({fresh_id(), *(each.properties["internetMessageId"] for each in world.store.stored("drafts"))}) == 3
