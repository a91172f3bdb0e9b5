"""Reading is bounded and survives whatever servers tell of a message."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from connectors.message.parse import TEXT_LIMIT
from connectors.port import Changes, Unavailable
from tests.contract.imap_world import ImapWorld, account_on
from tests.contract.mails import ago, fresh_id, invitation, mail
from tests.contract.world import read_all
from tests.servers.dovecot import Dovecot
from tests.servers.proxy import Proxy


def _batches(world: ImapWorld) -> list[Changes]:
    with world.open() as mailbox:
        return list(mailbox.changes(None, not_before=ago(days=1)))


def test_a_huge_attachment_costs_only_its_text(world: ImapWorld, proxy: Proxy) -> None:
    """30 MB of attachment: the connection carries a few kilobytes, and the calendar part is among them."""
    raw = invitation(world.account.address, message_id=fresh_id())
    raw = raw.replace(
        b"Content-Type: application/pdf", b"X-Padding: " + b"\r\n x" * 100 + b"\r\nContent-Type: application/pdf"
    )
    at = raw.index(b"Content-Type: application/pdf")
    body = raw.index(b"\r\n\r\n", at) + 4
    world.deliver(raw[:body] + b"QUJD" * 7_500_000 + b"\r\n" + raw[body:])
    before = proxy.received
    [message] = [each for batch in _batches(world) for each in batch.messages]
    assert message.text
    assert message.calendars
    assert proxy.received - before < 20_000


def test_a_huge_text_is_cut(world: ImapWorld, proxy: Proxy) -> None:
    """Of a text of 20 MB the beginning is read, to its last whole letter, and no more comes over the connection."""
    world.deliver(mail(world.account.address, text="wörter. " * 1_000_000))
    before = proxy.received
    [message] = [each for batch in _batches(world) for each in batch.messages]
    assert message.text
    assert len(message.text) > TEXT_LIMIT // 4
    assert message.text.rstrip() in "wörter. " * TEXT_LIMIT
    assert proxy.received - before < TEXT_LIMIT + 20_000


def test_a_huge_header_is_cut(world: ImapWorld, proxy: Proxy) -> None:
    """A header block of 5 MB is read as far as it is useful."""
    own = fresh_id()
    raw = mail(world.account.address, message_id=own)
    world.deliver(raw.replace(b"MIME-Version", b"X-Junk: y\r\n" * 500_000 + b"MIME-Version", 1))
    before = proxy.received
    [message] = [each for batch in _batches(world) for each in batch.messages]
    assert message.message_id == own
    assert proxy.received - before < 400_000


@pytest.mark.parametrize(
    "structure",
    [
        b'("text" "plain" NIL NIL NIL "7bit"',
        b"NIL",
        b"7",
        b'"x',
        b"()",
        b"(" * 3000 + b")" * 3000,
        b'("text" "plain" ("charset" "utf-8" NIL NIL "7bit" 3 1)',
        b'(("text" "plain" NIL NIL NIL "7bit" 5 1)("text" "html")',
        b"((NIL NIL NIL) NIL)",
    ],
    ids=["cut", "nil", "number", "quote", "empty", "deep", "unbalanced", "half", "nothing"],
)
def test_a_structure_that_makes_no_sense_costs_no_message(world: ImapWorld, proxy: Proxy, structure: bytes) -> None:
    """Servers send broken structures of broken mails: such a mail's beginning is read as it is, the others as ever."""
    own, before, after = fresh_id(), fresh_id(), fresh_id()
    world.deliver(mail(world.account.address, message_id=before))
    world.deliver(mail(world.account.address, message_id=own, text="the words of a broken mail"))
    world.deliver(mail(world.account.address, message_id=after))
    broken = re.compile(rb"(\* 2 FETCH \([^\r\n]*?BODYSTRUCTURE )\(.*?\)( BODY\[HEADER\])", re.DOTALL)
    proxy.rewrite = lambda said: broken.sub(lambda found: found[1] + structure + found[2], said)
    batches = _batches(world)
    messages = [each for batch in batches for each in batch.messages]
    assert [each.message_id for each in messages] == [before, own, after]
    assert all(each.text for each in messages)
    assert not [each for batch in batches for each in batch.set_aside]
    assert structure in b"".join(bytes(link.said) for link in proxy._links)


def test_a_size_told_too_small_cuts_nothing(world: ImapWorld, proxy: Proxy) -> None:
    """Exchange tells wrong sizes: the text is read to its end all the same."""
    world.deliver(mail(world.account.address, text="We have decided.\n" * 500))
    proxy.rewrite = lambda said: re.sub(rb'("quoted-printable") \d+ \d+', rb"\1 7 1", said)
    [message] = [each for batch in _batches(world) for each in batch.messages]
    assert message.text
    assert message.text.count("We have decided.") == 500
    assert b'"quoted-printable" 7 1' in b"".join(bytes(link.said) for link in proxy._links)


def test_a_message_the_server_cannot_show_is_set_aside(world: ImapWorld, proxy: Proxy) -> None:
    """Exchange answers NO for one damaged message: that one is counted and named, all others are read."""
    ids = [fresh_id() for _ in range(3)]
    for own in ids:
        world.deliver(mail(world.account.address, message_id=own))
    _refuse_bodies_of(proxy, 2)
    batches = _batches(world)
    assert [each.message_id for batch in batches for each in batch.messages] == [ids[0], ids[2]]
    [aside] = [each for batch in batches for each in batch.set_aside]
    assert aside.place == "INBOX, UID 2"
    assert aside.reason


def _refuse_bodies_of(proxy: Proxy, number: int) -> None:
    """The server answers NO to every command that asks for more than the flags of that message."""

    def refuse(said: bytes) -> bytes:
        if b"* %d FETCH" % number not in said or b"BODY" not in said:
            return said
        return re.sub(
            rb".*?(?P<tag>\w+) OK [^\r\n]*\r\n\Z", rb"\g<tag> NO [SERVERBUG] cannot\r\n", said, flags=re.DOTALL
        )

    proxy.rewrite = refuse


def test_a_server_that_shows_nothing_at_all_is_unavailable(world: ImapWorld, proxy: Proxy) -> None:
    """When even the flags are refused the server is in trouble, and no mail is set aside for that."""
    world.deliver(mail(world.account.address))
    proxy.rewrite = lambda said: re.sub(rb"(\w+) OK Fetch", rb"\1 NO Fetch", said)
    with pytest.raises(Unavailable), world.open() as mailbox:
        list(mailbox.changes(None, not_before=ago(days=1)))


def test_answers_about_other_messages_do_no_harm(world: ImapWorld, proxy: Proxy) -> None:
    """A server may speak of flags that others changed in the middle of an answer (RFC 9051 7.5.2)."""
    own = fresh_id()
    world.deliver(mail(world.account.address, message_id=own))
    proxy.rewrite = lambda said: said.replace(b"* 1 FETCH (", b"* 1 FETCH (FLAGS (\\Seen) UID 1)\r\n* 1 FETCH (")
    assert [each.message_id for batch in _batches(world) for each in batch.messages] == [own]


def test_a_message_that_vanishes_is_neither_read_nor_set_aside(world: ImapWorld, proxy: Proxy) -> None:
    """Between SEARCH and FETCH the user may delete a mail: nothing to tell."""
    own = fresh_id()
    world.deliver(mail(world.account.address, message_id=own))
    proxy.rewrite = lambda said: said.replace(b"* SEARCH 1\r\n", b"* SEARCH 1 7 9\r\n")
    batches = _batches(world)
    assert [each.message_id for batch in batches for each in batch.messages] == [own]
    assert not [each for batch in batches for each in batch.set_aside]


def test_uids_below_the_mark_are_no_news(world: ImapWorld) -> None:
    """`n:*` gives the last message even if its UID is below n; it is not given twice for that."""
    world.deliver(mail(world.account.address))
    cursor = _batches(world)[-1].cursor
    with world.open() as mailbox:
        assert [batch.messages for batch in mailbox.changes(cursor, not_before=ago(days=1))] == [()]


def test_a_server_that_does_not_tell_uidnext(world: ImapWorld, proxy: Proxy) -> None:
    """Old servers leave UIDNEXT out: the marks come from the UIDs themselves."""
    proxy.rewrite = lambda said: re.sub(rb"\* OK \[UIDNEXT[^\r\n]*\r\n", b"", said)
    old, new = fresh_id(), fresh_id()
    world.deliver(mail(world.account.address, message_id=old), arrived=ago(days=30))
    batches = _batches(world)
    assert not [each for batch in batches for each in batch.messages]
    world.deliver(mail(world.account.address, message_id=new))
    with world.open() as mailbox:
        later = [
            each for batch in mailbox.changes(batches[-1].cursor, not_before=ago(days=1)) for each in batch.messages
        ]
    assert [each.message_id for each in later] == [new]


def test_the_moment_of_arrival_counts_not_the_day(world: ImapWorld) -> None:
    """SINCE knows days of the server's time zone; what is asked for is a moment."""
    moment = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=30)
    wanted = fresh_id()
    world.deliver(mail(world.account.address), arrived=moment - timedelta(seconds=1))
    world.deliver(mail(world.account.address, message_id=wanted), arrived=moment)
    with world.open() as mailbox:
        assert [each.message_id for each in read_all(mailbox, not_before=moment)] == [wanted]


@pytest.mark.parametrize("timezone", ["Pacific/Pago_Pago", "Pacific/Kiritimati"])
def test_a_server_on_the_other_side_of_the_world(timezone: str) -> None:
    """Where it is still yesterday, or tomorrow already, the mail of the moment asked for is found."""
    # Yesterday's: a server takes no mail from the future as it is.
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)
    with Dovecot(timezone=timezone) as server:
        world = ImapWorld(server, account_on(server))
        ids = [fresh_id() for _ in range(4)]
        for hours, own in zip((-1, 0, 1, 23), ids, strict=True):
            world.deliver(mail(world.account.address, message_id=own), arrived=midnight + timedelta(hours=hours))
        with world.open() as mailbox:
            read = [each.message_id for each in read_all(mailbox, not_before=midnight)]
        world.close()
    assert read == ids[1:]


def test_old_mail_costs_nothing_at_the_start(world: ImapWorld, proxy: Proxy) -> None:
    """Of 300 old messages not one header is asked for."""
    for _ in range(300):
        world.deliver(b"From: a@b.example\r\nSubject: old\r\n\r\nold\r\n", arrived=ago(days=40))
    before = proxy.received
    _batches(world)
    assert proxy.received - before < 3_000


def test_mail_in_drafts_state_is_no_mail(world: ImapWorld) -> None:
    """A draft that a client keeps in a watched folder was neither received nor sent."""
    world._hands.append("INBOX", mail("jane@acme.example"), flags=(b"\\Draft",))
    assert not [each for batch in _batches(world) for each in batch.messages]


def test_mails_of_one_shape_are_asked_for_together(world: ImapWorld, proxy: Proxy) -> None:
    """A batch of 50 mails of a few shapes costs a handful of commands, not one for each mail."""
    for number in range(50):
        text = "words " * number
        raw = mail(world.account.address, text=text) if number % 2 else invitation("x@y.example", message_id=fresh_id())
        world.deliver(raw)
    before = proxy.asked.count(b" UID FETCH ")
    [batch, _] = _batches(world)
    assert len(batch.messages) == 50
    assert proxy.asked.count(b" UID FETCH ") - before <= 4
