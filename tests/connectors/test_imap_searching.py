"""Searching on servers that refuse, and with words that would like to be commands."""

from collections.abc import Iterator

import pytest

from connectors.imap.gate import ForbiddenCommand
from connectors.imap.searching import CANDIDATES
from connectors.imap.session import Session, Text
from connectors.message import MessageId
from connectors.port import Query
from tests.contract.imap_world import ImapWorld
from tests.contract.mails import ago, draft, fresh_id, mail
from tests.servers.dovecot import Dovecot
from tests.servers.proxy import Proxy


@pytest.fixture
def server() -> Iterator[Dovecot]:
    """Dovecot that keeps every byte it was sent."""
    with Dovecot(rawlog=True) as one:
        yield one


def _found(world: ImapWorld, query: Query) -> list[str]:
    with world.open() as mailbox:
        return [message.key for message in mailbox.search(query)]


@pytest.mark.parametrize("refused", ["HEADER", "FROM", "CHARSET"])
def test_what_the_server_refuses_to_search_is_found_all_the_same(world: ImapWorld, proxy: Proxy, refused: str) -> None:
    """Yahoo answers NO to header searches, others to other alphabets: then the newest headers are looked through."""
    me, root, own = world.account.address, fresh_id(), fresh_id()
    world.deliver(mail(me, message_id=own, answers=[root], subject="Zürich", sender="Jane <jane@acme.example>"))
    world.deliver(mail(me, sender="x@elsewhere.example"))

    def refuse(said: bytes) -> bytes:
        last = proxy.asked.rpartition(b" UID SEARCH ")[2]
        return said.replace(b"OK Search", b"NO [SERVERBUG] Search") if refused.encode() in last else said

    proxy.rewrite = refuse
    for query in (
        Query(since=ago(days=9), references=frozenset({root})),
        Query(since=ago(days=9), correspondents=frozenset({"@acme.example"})),
        Query(since=ago(days=9), names=frozenset({"Zürich"})),
    ):
        assert _found(world, query) == [own]
    assert refused.encode() in proxy.asked


def test_a_mail_in_two_folders_is_found_once(world: ImapWorld) -> None:
    """Gmail shows one mail in several folders: the copy known to be sent is the one that counts."""
    me, own = world.account.address, fresh_id()
    raw = mail("jane@acme.example", sender="An Alias <alias@elsewhere.example>", message_id=own)
    world.deliver(raw)
    world.deliver(raw, folder="Archive")
    world.send(raw)
    with world.open() as mailbox:
        [message] = mailbox.search(Query(since=ago(days=9), correspondents=frozenset({"jane@acme.example"})))
    assert message.outgoing
    assert me != "alias@elsewhere.example"


def test_drafts_in_the_archive_are_not_found(world: ImapWorld) -> None:
    """Gmail's All Mail holds drafts too; a draft is no mail."""
    world.deliver(mail(world.account.address), folder="Archive")
    world._hands.append("Archive", mail("jane@acme.example"), flags=(b"\\Draft",))
    assert len(_found(world, Query(since=ago(days=9), correspondents=frozenset({"@acme.example"})))) == 1


def test_many_words_are_asked_in_bearable_lines(world: ImapWorld, proxy: Proxy) -> None:
    """A query of hundreds of ids and addresses is split: servers need not take more than 8,000 bytes a line."""
    wanted = fresh_id()
    world.deliver(mail(world.account.address, message_id=wanted))
    references = frozenset({wanted, *(MessageId(f"<{'x' * 80}{number}@acme.example>") for number in range(300))})
    people = frozenset(f"person{number}@example.com" for number in range(300))
    names = frozenset(f"Name {number}" for number in range(300))
    query = Query(since=ago(days=9), references=references, correspondents=people, names=names)
    assert _found(world, query) == [wanted]
    assert max(map(len, proxy.asked.split(b"\r\n"))) < 8_000


def test_the_search_is_bounded_on_the_wire(world: ImapWorld, proxy: Proxy) -> None:
    """A name as common as `the` costs the headers of the newest messages and no more."""
    assert CANDIDATES <= 1000
    for number in range(250):
        world.deliver(b"From: x@acme.example\r\nSubject: the %d\r\n\r\n%s" % (number, b"long text " * 500))
    before = proxy.received
    assert len(_found(world, Query(since=ago(days=9), names=frozenset({"the"}), limit=3))) == 3
    assert proxy.received - before < 80_000


def test_other_verbs_between_two_results(world: ImapWorld) -> None:
    """The caller may place a draft while it goes through the results or the changes: nothing is mixed up."""
    me = world.account.address
    ids = [fresh_id() for _ in range(120)]
    for own in ids:
        world.deliver(mail(me, message_id=own))
    with world.open() as mailbox:
        found = set()
        for message in mailbox.search(Query(since=ago(days=9), correspondents=frozenset({"@acme.example"}))):
            found.add(message.message_id)
            if len(found) in (1, 70):
                mailbox.draft_now(mailbox.place_draft(draft(me, parent=message.message_id)))
        assert found == set(ids)
        read = []
        for batch in mailbox.changes(None, not_before=ago(days=1)):
            read += [each.message_id for each in batch.messages]
            list(mailbox.search(Query(since=ago(days=9), correspondents=frozenset({"@acme.example"}), limit=2)))
            mailbox.place_draft(draft(me, parent=fresh_id()))
        assert sorted(map(str, read)) == sorted(ids)


def test_no_word_of_a_mail_becomes_a_command(world: ImapWorld, server: Dovecot) -> None:
    """Whatever stands in a query, the server sees words: brackets, wildcards, literals, breaks, other alphabets."""
    evil = [
        "a\r\nZ9 CREATE injected\r\n",
        "x) (DELETED",
        'x" DELETED "',
        "\\",
        "{3}",
        "x{3+}",
        "NIL",
        "ALL",
        "*",
        "%",
        "\x00",
        "ü{5}",
        "ü\r\nZ9 CREATE injected\r\n",
        "\u2028",
        " ",
        "",
    ]
    world.deliver(mail(world.account.address))
    before = world.count()
    words = frozenset(evil)
    query = Query(since=ago(days=9), references=words, correspondents=words, names=words)
    assert _found(world, query) == []
    assert world.count() == before
    sent = b"".join(server.raw_bytes_sent_by_clients())
    assert b"CREATE injected" not in sent
    assert b"{3}\r\n" not in sent


def test_a_break_in_a_search_word_stops_at_the_gate(world: ImapWorld, server: Dovecot) -> None:
    """Should a caller forget to clean its words, the line is held back whole and the connection goes on."""
    session = Session(world.account)
    session.examine("INBOX")
    for word in ("x\r\nZ9 CREATE injected", "x\nZ9 CREATE injected", "ü\r\nZ9 CREATE injected"):
        try:
            session.search("HEADER", "X", Text(word))
        except ForbiddenCommand:
            assert word.isascii()
    assert session.search("ALL") == []
    session.close()
    names = [name for _, _, name in world._hands.list_folders()]
    assert "injected" not in names
