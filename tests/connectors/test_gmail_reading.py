"""Messages read through Gmail are the messages that their bytes are; attachments stay where they are."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from connectors.message import Message
from connectors.message.parse import parse
from tests.contract.gmail_world import GmailWorld
from tests.contract.mails import ago, fresh_id, invitation, mail
from tests.contract.world import read_all
from tests.servers.gmail import Gmail
from tests.servers.gmail_mime import base64url
from tests.servers.gmail_trouble import answers

CORPUS = sorted((Path(__file__).parents[1] / "corpus" / "development").rglob("*.eml"))
ME = "ana@example.org"


@pytest.fixture
def world() -> Iterator[GmailWorld]:
    """An empty mailbox."""
    with Gmail() as server:
        yield GmailWorld(server)


def _read(world: GmailWorld) -> Message:
    with world.open() as mailbox:
        [message] = read_all(mailbox, not_before=ago(days=1))
    return message


def _alike(message: Message) -> Message:
    """Without what only Gmail knows, or shows in its own way: the kept headers are unfolded and decoded already."""
    squeezed = tuple((name, " ".join(value.split())) for name, value in message.headers)
    texts = {name: text and text.rstrip("\n") for name, text in (("text", message.text), ("html", message.html))}
    return replace(message, thread=None, headers=squeezed, text=texts["text"], html=texts["html"])


def test_every_mail_of_the_corpus_reads_as_its_bytes_do(world: GmailWorld) -> None:
    """One reader for both ways: whatever the rules judge, they judge the same words."""
    assert len(CORPUS) > 200
    arrived = datetime.now(UTC).replace(microsecond=0)
    wanted = {}
    for path in CORPUS:
        raw = path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        message = parse(raw, arrived=arrived, outgoing=False)
        if message.message_id:
            wanted[message.key] = _alike(message)
            world.deliver(raw, arrived=arrived)
    with world.open() as mailbox:
        found = {each.key: _alike(each) for each in read_all(mailbox, not_before=ago(days=1))}
    assert found.keys() == wanted.keys()
    assert [key for key in wanted if replace(found[key], outgoing=False) != wanted[key]] == []


def test_an_attachment_is_not_fetched_and_an_invitation_is(world: GmailWorld) -> None:
    """Of a mail with a map, notes and an invitation in a file only the invitation is asked for."""
    message = EmailMessage()
    message["From"], message["To"], message["Message-ID"] = "jw@acme.example", ME, fresh_id()
    message.set_content("Come on Friday.\n")
    message.add_attachment(b"%PDF" * 1000, maintype="application", subtype="pdf", filename="map.pdf")
    message.add_attachment("not of this mail\n", filename="notes.txt")
    message.add_attachment("not of this mail\n", filename="shown.txt", disposition="inline")
    message.add_attachment(
        "BEGIN:VCALENDAR\r\nSUMMARY:Gespräch\r\nEND:VCALENDAR\r\n", subtype="calendar", filename="i.ics"
    )
    world.deliver(message.as_bytes())
    found = _read(world)
    assert found.text and found.text.strip() == "Come on Friday."
    assert len(found.calendars) == 1 and "Gespräch" in found.calendars[0]
    assert world.server.count("attachments") == 1


def test_a_text_that_google_puts_elsewhere_is_fetched(world: GmailWorld) -> None:
    """A body may come as an attachment id instead of itself; it has no file name."""
    world.server.inline = 10
    world.deliver(invitation(ME, message_id=fresh_id()))
    found = _read(world)
    assert found.text and found.text.strip() == "Wir freuen uns: Grüße!"
    assert found.html and "<b>Grüße!</b>" in found.html
    assert len(found.calendars) == 1
    assert world.server.count("attachments") == 3


def test_every_charset_is_read(world: GmailWorld) -> None:
    """Western, UTF-8, and one whose bytes are all ASCII."""
    for charset in ("iso-8859-1", "utf-8", "iso-2022-jp"):
        words = "Grüße aus Köln" if charset != "iso-2022-jp" else "面接の結果について"
        raw = mail(ME).replace(b'charset="utf-8"', f'charset="{charset}"'.encode())
        head, _, _ = raw.replace(b"quoted-printable", b"8bit").partition(b"\r\n\r\n")
        world.deliver(head + b"\r\n\r\n" + words.encode(charset))
    with world.open() as mailbox:
        texts = {(each.text or "").strip() for each in read_all(mailbox, not_before=ago(days=1))}
    assert texts == {"Grüße aus Köln", "面接の結果について"}


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1"])
def test_text_parts_are_believed_by_their_bytes(world: GmailWorld, charset: str) -> None:
    """A text whose header says ISO-8859-1, turned into UTF-8 or left as it was: Google's pages do not say which."""
    world.deliver(mail(ME))
    headers = [("From", "jw@acme.example"), ("Content-Type", "text/plain; charset=iso-8859-1")]
    payload = {
        "mimeType": "text/plain",
        "headers": [{"name": name, "value": value} for name, value in headers],
        "body": {"data": base64url("Grüße".encode(charset))},
    }
    answer = {"labelIds": ["INBOX"], "internalDate": "1795000000000", "payload": payload}
    world.server.next("GET .*/messages/", answers(json.dumps(answer).encode()))
    with world.open() as mailbox:
        [message] = read_all(mailbox, not_before=datetime(2026, 1, 1, tzinfo=UTC))
    assert message.text == "Grüße"


def _odd(payload: object, **more: object) -> bytes:
    return json.dumps({"internalDate": "1795000000000", "payload": payload} | more).encode()


def _nested(depth: int) -> object:
    inner: object = {}
    for _ in range(depth):
        inner = {"mimeType": "multipart/x", "parts": [inner], "headers": [{"name": "From", "value": "a@b.example"}]}
    return inner


HOSTILE = [
    b"{}",
    _odd([], id=7, labelIds="INBOX", internalDate="x"),
    _odd({"headers": [{"name": "From", "value": "x"}]}, internalDate="9" * 30),
    _odd({"headers": [None, {"name": "From"}, {"name": "a\r\nB: c", "value": 3}]}),
    _odd({"mimeType": "multipart/x", "parts": "x", "headers": [{"name": "From", "value": "\ud800"}]}),
    _odd({"headers": [{"name": "From", "value": "a@b"}], "body": {"data": "%%%", "size": -1}}),
    _odd({"headers": [{"name": "From", "value": "a@b"}], "body": {"data": 3, "attachmentId": "../../profile"}}),
    _odd(_nested(90)),
]


@pytest.mark.parametrize("answer", HOSTILE)
def test_an_odd_message_is_set_aside_or_read_and_the_next_one_is_read(world: GmailWorld, answer: bytes) -> None:
    """Any shape of JSON in a message's place costs that message at most."""
    good = fresh_id()
    world.deliver(mail(ME))
    world.deliver(mail(ME, message_id=good))
    world.server.next("GET .*/messages/", answers(answer))
    with world.open() as mailbox:
        batches = list(mailbox.changes(None, not_before=datetime(2026, 1, 1, tzinfo=UTC)))
    keys = [each.key for batch in batches for each in batch.messages]
    aside = [each for batch in batches for each in batch.set_aside]
    assert good in keys
    assert len(keys) + len(aside) == 2
    assert all("example" not in each.place + each.reason for each in aside)


def test_a_mail_that_is_all_text_is_set_aside_when_it_has_no_end(world: GmailWorld) -> None:
    """More than sixteen megabytes of text in one answer are not read, and do not stop the rest."""
    good = fresh_id()
    world.server.inline = 100_000_000
    world.deliver(mail(ME, text="word " * 3_000_000))
    world.deliver(mail(ME, message_id=good))
    with world.open() as mailbox:
        batches = list(mailbox.changes(None, not_before=ago(days=1)))
    assert [each.key for batch in batches for each in batch.messages] == [good]
    assert [each.reason for batch in batches for each in batch.set_aside] == ["its text is longer than 16 MB"]


def test_the_thread_is_gmails_own(world: GmailWorld) -> None:
    """An answer in the same thread has the same thread id, and the sent one is the user's."""
    root = fresh_id()
    world.deliver(mail(ME, message_id=root))
    world.send(mail("jane@acme.example", sender=ME, answers=[root]))
    with world.open() as mailbox:
        first, second = read_all(mailbox, not_before=ago(days=1))
    assert first.thread == second.thread
    assert first.thread in world.server.store.messages
    assert {first.outgoing, second.outgoing} == {False, True}
