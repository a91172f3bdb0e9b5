"""Drafts in Outlook: whole by one request, in their conversation, and once."""

import contextlib
from collections.abc import Iterator
from dataclasses import replace

import pytest

from connectors.message import Address, MessageId
from connectors.outlook.items import MARK
from connectors.port import Refused, Unavailable, Untouched
from tests.connectors.outlook_letters import LETTER, answer_to, body_of, notice_in, place, state_of, writes_to
from tests.contract.mails import draft, mail
from tests.contract.outlook_world import OutlookWorld
from tests.servers.graph import HANG_UP, GraphServer


@pytest.fixture
def world() -> Iterator[OutlookWorld]:
    """An empty mailbox."""
    with GraphServer() as server:
        yield OutlookWorld(server)


def test_a_reply_is_whole_by_one_request(world: OutlookWorld) -> None:
    """Text, quote, recipient, subject, conversation and mark at once: nothing half-made can be left behind."""
    notice = notice_in(world)
    notice.is_read = True
    letter = answer_to(world, notice)
    ref = place(world, letter)
    assert writes_to(world) == ["POST createReply"]
    lying = world.only_draft()
    assert lying.extended[MARK] == letter.message_id
    assert lying.properties["subject"] == letter.subject
    assert [each["emailAddress"]["address"] for each in lying.properties["toRecipients"]] == ["Jane@acme.example"]
    assert lying.properties["conversationId"] == notice.properties["conversationId"]
    assert "thank you &amp; your team &lt;3.<br>\nWhat could" in body_of(world)
    assert "wish you well" in body_of(world), "the quote is kept"
    assert state_of(world, ref) == Untouched()


def test_the_original_stays_unread(world: OutlookWorld) -> None:
    """createReply marks the original as read; whether it is read is the user's to say."""
    notice = notice_in(world)
    place(world, answer_to(world, notice))
    assert not notice.is_read
    assert world.server.written()[-1].body == {"isRead": False}


def test_the_original_stays_unread_when_the_answer_is_lost(world: OutlookWorld) -> None:
    notice = notice_in(world)
    world.server.fail("POST", "createReply", 500, performed=True)
    with pytest.raises(Unavailable):
        place(world, answer_to(world, notice))
    assert len(world.drafts()) == 1
    assert not notice.is_read


@pytest.mark.parametrize("cut", [True, False])
def test_an_unclear_answer_makes_no_second_draft(world: OutlookWorld, *, cut: bool) -> None:
    """Graph made the draft and the answer was lost or broken off: the mark is found, and nothing is made again."""
    letter = answer_to(world, notice_in(world))
    world.server.graph.mints_ids = True
    world.server.fail("POST", "createReply", 504, performed=True, cut=cut)
    with pytest.raises(Unavailable):
        place(world, letter)
    assert state_of(world, place(world, letter)) == Untouched()
    assert len(world.drafts()) == 1
    assert writes_to(world).count("POST createReply") == 1


@pytest.mark.parametrize("performed", [True, False])
@pytest.mark.parametrize("at", range(9))
def test_whichever_request_fails_there_is_one_draft(world: OutlookWorld, at: int, *, performed: bool) -> None:
    """Broken off at any request of the placing, done or not, and tried again."""
    world.server.graph.mints_ids = world.server.graph.escapes_comments = True
    letter = answer_to(world, notice_in(world))
    with world.open() as mailbox:
        world.server.fail("*", "", 500, after=at, performed=performed)
        with contextlib.suppress(Unavailable):
            mailbox.place_draft(letter)
        assert world.server.faults[0].times == 0, "no request failed"
        mailbox.place_draft(letter)
    assert len(world.drafts()) == 1
    assert writes_to(world).count("POST createReply") <= 2 - performed


def test_a_lost_connection_makes_no_second_draft(world: OutlookWorld) -> None:
    """Reading is tried again on a new connection, making a draft is not: it may have been made."""
    letter = answer_to(world, notice_in(world))
    world.server.fail("GET", "/me/messages", HANG_UP)
    world.server.fail("POST", "createReply", HANG_UP, performed=True)
    with pytest.raises(Unavailable):
        place(world, letter)
    assert writes_to(world).count("POST createReply") == 1
    assert state_of(world, place(world, letter)) == Untouched()
    assert len(world.drafts()) == 1


def test_an_unclear_fresh_draft_is_not_made_again(world: OutlookWorld) -> None:
    letter = draft(world.account.address)
    world.server.graph.mints_ids = True
    world.server.fail("POST", "/me/messages", 502, "<html>Bad gateway</html>", performed=True)
    with pytest.raises(Unavailable):
        place(world, letter)
    place(world, letter)
    assert len(world.drafts()) == 1


def test_an_unclear_answer_without_a_mark_is_known_by_the_conversation(world: OutlookWorld) -> None:
    """Should mark and references be lost too, a newer draft in the conversation is taken for this one."""
    letter = answer_to(world, notice_in(world))
    world.server.graph.mints_ids = True
    place(world, letter)
    world.only_draft().extended.clear()
    place(world, letter)
    assert len(world.drafts()) == 1


def test_a_server_that_escapes_the_comment_is_set_right(world: OutlookWorld) -> None:
    """The user must not see tags in the letter: the same draft gets its text anew, the quote stays."""
    world.server.graph.escapes_comments = True
    notice = notice_in(world)
    notice.is_read = True
    ref = place(world, answer_to(world, notice))
    assert writes_to(world)[0] == "POST createReply"
    assert [each.body.keys() for each in world.server.written()[1:] if each.body] == [{"body"}]
    assert "&lt;br" not in body_of(world)
    assert "wish you well" in body_of(world)
    assert state_of(world, ref) == Untouched()


@pytest.mark.parametrize("status", [HANG_UP, 503, 504])
def test_setting_right_may_be_done_twice(world: OutlookWorld, status: int) -> None:
    """It changes the draft that is there, so a lost answer is a reason to do it again."""
    world.server.graph.escapes_comments = True
    notice = notice_in(world)
    world.server.fail("PATCH", "", status, {"error": {"code": "x"}}, headers={"Retry-After": "0"}, times=1)
    world.server.fail("PATCH", "", status, {"error": {"code": "x"}}, headers={"Retry-After": "0"}, performed=True)
    place(world, answer_to(world, notice))
    assert "&lt;br" not in body_of(world)
    assert not notice.is_read
    assert len(world.drafts()) == 1


def test_a_server_that_adds_recipients_is_set_right(world: OutlookWorld) -> None:
    """The letter goes to one person, whomever a reply would go to."""
    world.server.graph.adds_author = True
    place(world, answer_to(world, notice_in(world)))
    recipients = world.only_draft().properties["toRecipients"]
    assert [each["emailAddress"]["address"] for each in recipients] == ["Jane@acme.example"]


@pytest.mark.parametrize("refinement", ["internetMessageId", "from", "SystemTime 0x0039", "String 0x1042"])
def test_a_refinement_that_is_refused_is_left_out(world: OutlookWorld, refinement: str) -> None:
    """Better a draft without it than none: the conversation and the mark are enough to know it again."""
    world.server.graph.refuses = {refinement}
    for letter in (answer_to(world, notice_in(world)), draft(world.account.address)):
        ref = place(world, letter)
        assert state_of(world, ref) == Untouched()
        place(world, letter)
    assert [each.extended[MARK] for each in world.store.stored("drafts")][-1] == letter.message_id
    assert len(world.drafts()) == 2


def test_reply_to_is_who_is_answered(world: OutlookWorld) -> None:
    """A machine's mail that names a person in Reply-To is answered in its conversation."""
    notice = notice_in(world, sender="no-reply@ats.example", reply_to="jane@acme.example")
    place(world, answer_to(world, notice))
    assert "POST createReply" in writes_to(world)


def test_another_person_sees_no_quote(world: OutlookWorld) -> None:
    """A letter to somebody who did not write the parent is a fresh draft: they may never have seen that mail."""
    notice = notice_in(world, sender="no-reply@ats.example")
    letter = answer_to(world, notice)
    ref = place(world, letter)
    assert writes_to(world) == ["POST messages"]
    assert body_of(world) == LETTER
    assert state_of(world, ref) == Untouched()
    assert not notice.is_read


def test_nobody_to_write_to_is_a_draft_without_recipient(world: OutlookWorld) -> None:
    """createReply would fill in the notice's sender, whom the letter must not go to."""
    letter = replace(answer_to(world, notice_in(world)), to=None)
    place(world, letter)
    assert world.only_draft().properties["toRecipients"] == []


def test_a_parent_that_is_gone_still_gets_itsanswer_to(world: OutlookWorld) -> None:
    """The user deleted the notice between two requests: the draft is made afresh, with its references."""
    letter = answer_to(world, notice_in(world))
    world.server.fail("POST", "createReply", 404, {"error": {"code": "ErrorItemNotFound"}})
    place(world, letter)
    assert letter.parent
    assert letter.parent.message_id.encode() in world.drafts()[0]


@pytest.mark.parametrize("status", [500, 502, 503])
def test_trouble_of_microsofts_own_is_not_the_users(world: OutlookWorld, status: int) -> None:
    """Told in Graph's own form: a pause, no refusal, and no second draft."""
    letter = draft(world.account.address)
    error = {"error": {"code": "InternalServerError"}}
    world.server.fail("POST", "/me/messages", status, error, performed=True)
    with pytest.raises(Unavailable):
        place(world, letter)
    assert state_of(world, place(world, letter)) == Untouched()
    assert len(world.drafts()) == 1


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
    ref = place(world, letter)
    assert state_of(world, ref) == Untouched()
    assert b"\r\nBcc:" not in world.drafts()[0]
    assert "POST createReply" in writes_to(world)
