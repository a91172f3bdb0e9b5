"""Placing drafts on servers and networks that do not do as they should."""

import re

import pytest

from connectors.account import Folders
from connectors.imap.drafts import LOOKED_AT
from connectors.imap.failures import SaysNo
from connectors.imap.gate import ForbiddenCommand
from connectors.imap.session import Session
from connectors.message.serialise import as_bytes
from connectors.port import Changed, Gone, Refused, Unavailable, Untouched
from tests.contract.imap_world import ImapWorld, account_on
from tests.contract.mails import LONG_ID, ago, draft, mail
from tests.servers.dovecot import Dovecot
from tests.servers.proxy import Proxy

_QUOTA = """
mail_plugins = quota
plugin {
  quota = maildir:User quota
  quota_rule = *:storage=20k
}
"""


@pytest.mark.parametrize("more", [0, 10, 60, 100, 400, 10**6])
def test_a_reset_in_the_middle_of_append_ends_in_one_draft(world: ImapWorld, proxy: Proxy, more: int) -> None:
    """Wherever the link breaks: `Unavailable`, and the next try ends with exactly one draft."""
    letter = draft(world.account.address, parent=LONG_ID)
    if more < 10**6:
        proxy.cut_after(b" APPEND ", more)
    else:
        proxy.cut_before_answer(b"APPENDUID")  # the server has the draft, and nobody heard of it
    with pytest.raises(Unavailable), world.open() as mailbox:
        mailbox.place_draft(letter)
    assert len(world.drafts()) == (1 if more == 10**6 else 0)
    with world.open() as mailbox:
        ref = mailbox.place_draft(letter)
        assert mailbox.draft_now(ref) == Untouched()
    assert len(world.drafts()) == 1


def test_a_draft_sent_or_discarded_while_nobody_listened_is_not_placed_again(world: ImapWorld, proxy: Proxy) -> None:
    """The answer was lost, the user was quicker than the next try: the draft stays where the user put it."""
    for leave in (world.discard_draft, lambda: world.send_draft(message_id="<sent@client.example>")):
        letter = draft(world.account.address, parent=LONG_ID)
        proxy.cut_before_answer(b"APPENDUID")
        with pytest.raises(Unavailable), world.open() as mailbox:
            mailbox.place_draft(letter)
        leave()
        with world.open() as mailbox:
            ref = mailbox.place_draft(letter)
            assert mailbox.draft_now(ref) == Gone()
        assert world.drafts() == []


@pytest.mark.parametrize("answer", [b"NO [SERVERBUG] search failed", b"BAD what", b"OK Search"])
def test_a_server_that_finds_no_header_makes_no_second_draft(world: ImapWorld, proxy: Proxy, answer: bytes) -> None:
    """Some servers refuse to search headers, some find nothing: the headers of the newest drafts tell all the same."""

    def find_nothing(said: bytes) -> bytes:
        tag = re.search(rb"(\w+) OK Search", said)
        asked = tag and re.search(tag[1] + rb" UID SEARCH HEADER", proxy.asked)
        return tag[1] + b" " + answer + b"\r\n" if tag and asked else said

    proxy.rewrite = find_nothing
    letter = draft(world.account.address, parent=LONG_ID)
    for _ in range(2):
        with world.open() as mailbox:
            ref = mailbox.place_draft(letter)
            assert mailbox.draft_now(ref) == Untouched()
    assert len(world.drafts()) == 1
    assert b"UID SEARCH HEADER" in proxy.asked


def test_a_draft_flagged_deleted_is_gone_and_a_veto(world: ImapWorld) -> None:
    """Clients without MOVE leave it in Drafts, flagged, until it is expunged: it is thrown away all the same."""
    letter = draft(world.account.address, parent=LONG_ID)
    with world.open() as mailbox:
        ref = mailbox.place_draft(letter)
        uid, _ = world._only_draft()
        world._hands.delete_messages([uid])
        assert mailbox.draft_now(ref) == Gone()
        mailbox.place_draft(letter)
        assert mailbox.draft_now(ref) == Gone()
    assert len(world.drafts()) == 1


def test_a_draft_rewritten_as_html_is_read(world: ImapWorld) -> None:
    """A client may save a draft as HTML alone: the user's words are in the text of the change."""
    letter = draft(world.account.address, parent=LONG_ID)
    with world.open() as mailbox:
        ref = mailbox.place_draft(letter)
    uid, raw = world._only_draft()
    header = re.sub(
        rb"(?m)^Content-Type:.*$", b"Content-Type: text/html; charset=utf-8\r", raw.partition(b"\r\n\r\n")[0]
    )
    header = re.sub(rb"(?m)^Message-ID:.*$", b"Message-ID: <html@client.example>\r", header)
    world._hands.append("Drafts", header + b"\r\n\r\n<p>My <b>own</b> words</p>", flags=(b"\\Draft",))
    world._remove(uid)
    with world.open() as mailbox:
        state = mailbox.draft_now(ref)
    assert isinstance(state, Changed)
    assert "own" in state.text


def test_a_missing_drafts_folder_is_created_when_it_is_needed() -> None:
    """Not before, and below the server's prefix; the user's own name for it is respected."""
    for prefix, name in (("", None), ("INBOX.", None), ("INBOX.", "Letters"), ("", "Briefe/Entwürfe")):
        with Dovecot(drafts=None, prefix=prefix) as server:
            account = account_on(server, folders=Folders(drafts=name))
            world = ImapWorld(server, account, prefix=prefix, drafts=name or "Drafts")
            letter = draft(account.address)
            with world.open() as mailbox:
                assert world.drafts() == []
                ref = mailbox.place_draft(letter)
                assert mailbox.draft_now(ref) == Untouched()
            with world.open() as mailbox:
                mailbox.place_draft(letter)
                assert mailbox.draft_now(ref) == Untouched()
            assert len(world.drafts()) == 1
            world.close()


def test_without_a_drafts_folder_there_is_no_draft() -> None:
    """Asked for a draft in a mailbox that has no Drafts, the answer is that it is gone, and no folder is made."""
    with Dovecot() as one:
        world = ImapWorld(one, account_on(one))
        with world.open() as mailbox:
            ref = mailbox.place_draft(draft(world.account.address))
        world.close()
    with Dovecot(drafts=None) as bare:
        world = ImapWorld(bare, account_on(bare))
        with world.open() as mailbox:
            assert mailbox.draft_now(ref) == Gone()
        assert not world._hands.folder_exists("Drafts")
        world.close()


def test_a_full_mailbox_refuses_and_stays_usable() -> None:
    """Over quota: a sentence that says what to do, and reading goes on over the same connection."""
    with Dovecot(extra=_QUOTA) as server:
        world = ImapWorld(server, account_on(server))
        world.deliver(mail(world.account.address, text="x " * 9_000))
        with world.open() as mailbox:
            with pytest.raises(Refused) as refused:
                mailbox.place_draft(draft(world.account.address, text="long " * 2000))
            assert "full" in str(refused.value)
            assert list(mailbox.changes(None, not_before=ago(days=1)))
        world.close()


def test_a_drafts_folder_that_takes_nothing_refuses() -> None:
    """No right to write: the sentence names the folder, and the mailbox stays usable."""
    with Dovecot(extra="mail_plugins = acl\nplugin {\n  acl = vfile\n}") as server:
        world = ImapWorld(server, account_on(server))
        world._hands.append("Drafts", mail("jane@acme.example"))
        rights = server.mail_directory() / ".Drafts" / "dovecot-acl"
        rights.write_text("owner lr\n")
        rights.chmod(0o644)
        with world.open() as mailbox:
            with pytest.raises(Refused) as refused:
                mailbox.place_draft(draft(world.account.address, parent=LONG_ID))
            assert "`Drafts`" in str(refused.value)
            assert world.account.address not in str(refused.value)
            assert list(mailbox.changes(None, not_before=ago(days=1)))
        assert len(world.drafts()) == 1
        world.close()


def test_a_refused_draft_leaves_the_gate_shut(server: Dovecot, world: ImapWorld) -> None:
    """Dovecot says NO before it has seen the draft; what is sent next is no part of it, and is judged."""
    session = Session(world.account)
    session.examine("INBOX")
    with pytest.raises(SaysNo):
        session.append_draft("Nowhere", as_bytes(draft(world.account.address)), ago(days=0))
    with pytest.raises(ForbiddenCommand):
        session.wire.expunge()
    assert session.examine("Drafts")
    session.close()


def test_a_draft_among_many_is_found(world: ImapWorld) -> None:
    """Hundreds of drafts, and the one that was placed before them: it is found, and not placed again."""
    letter = draft(world.account.address, parent=LONG_ID)
    with world.open() as mailbox:
        ref = mailbox.place_draft(letter)
        for number in range(LOOKED_AT + 20):
            world._hands.append("Drafts", b"Subject: %d\r\n\r\n" % number)
        assert mailbox.draft_now(ref) == Untouched()
        mailbox.place_draft(letter)
    assert len(world.drafts()) == LOOKED_AT + 21
