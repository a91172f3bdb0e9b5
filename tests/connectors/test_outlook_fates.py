"""What the user did with a draft in Outlook, whichever Outlook it was."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from connectors.message import Draft
from connectors.port import Changed, DraftRef, Gone, Untouched
from tests.connectors.outlook_letters import answer_to, body_of, notice_in, place, state_of
from tests.contract.mails import ago, draft, fresh_id, now
from tests.contract.outlook_world import OutlookWorld
from tests.servers.graph import GraphServer


@pytest.fixture
def world() -> Iterator[OutlookWorld]:
    """An empty mailbox."""
    with GraphServer() as server:
        yield OutlookWorld(server)


def test_only_the_users_own_words_count_as_changed(world: OutlookWorld) -> None:
    """What the user wrote above the quote is read, and not the rejection below it."""
    ref = place(world, answer_to(world, notice_in(world)))
    item = world.only_draft()
    edited = body_of(world).replace("What could I do better?", "Why on earth?")
    world.store.change(item, properties={**item.properties, "body": {"contentType": "html", "content": edited}})
    state = state_of(world, ref)
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
    ref = place(world, answer_to(world, notice_in(world)))
    item = world.only_draft()
    letter = body_of(world).partition("<hr")[0].replace("<br>\n", "</p>\r\n<p class=MsoNormal>&nbsp;")
    saved = {"contentType": "html", "content": f"{letter}{quote}<b>Von:</b> Jane</div></div></body></html>"}
    world.store.change(item, properties={**item.properties, "body": saved})
    assert state_of(world, ref) == Untouched()


def test_sent_by_the_new_outlook(world: OutlookWorld) -> None:
    """It keeps its id and leaves Drafts: gone, and not placed again."""
    letter = answer_to(world, notice_in(world))
    with world.open() as mailbox:
        cursor = list(mailbox.changes(None, not_before=ago(days=1)))[-1].cursor
        ref = mailbox.place_draft(letter)
    world.store.send_as_new_outlook(world.only_draft())
    _sent_and_done(world, letter, ref, cursor)


def test_sent_by_classic_outlook(world: OutlookWorld) -> None:
    """A copy under another id and Message-ID, without the mark: known by what it answers."""
    letter = answer_to(world, notice_in(world))
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
    ref = place(world, letter)
    world.store.move(world.only_draft(), world.store.add_folder("Later"))
    assert state_of(world, ref) == Gone()
    place(world, letter)
    assert world.drafts() == []


def test_a_letter_of_our_own_in_the_conversation_is_another(world: OutlookWorld) -> None:
    """A draft that bears the mark of another letter does not stand in for this one."""
    letter = answer_to(world, notice_in(world))
    world.server.graph.mints_ids = True
    first = place(world, letter)
    world.discard_draft()
    again = replace(letter, message_id=draft(world.account.address).message_id, text="Another one.\n")
    assert state_of(world, place(world, again)) == Untouched()
    assert state_of(world, first) == Gone()
    assert len(world.drafts()) == 1


def test_two_letters_in_one_conversation_to_two_mails(world: OutlookWorld) -> None:
    """Answers to different mails are different drafts, also when Graph mints its own ids."""
    world.server.graph.mints_ids = True
    first, second = notice_in(world), notice_in(world)
    letters = [answer_to(world, each) for each in (first, second)]
    refs = [place(world, each) for each in letters]
    assert [state_of(world, ref) for ref in refs] == [Untouched()] * 2
    assert len({fresh_id(), *(each.properties["internetMessageId"] for each in world.store.stored("drafts"))}) == 3


def test_the_mark_holds_when_the_clock_is_wrong(world: OutlookWorld) -> None:
    """A day ahead or behind: the draft is found all the same."""
    for days in (-1, 1):
        letter = replace(draft(world.account.address), date=now() + timedelta(days=days))
        ref = place(world, letter)
        assert state_of(world, ref) == Untouched()
        place(world, letter)
        assert len(world.drafts()) == 1
        world.store.remove(world.only_draft())
