"""Reading and searching Outlook: what is asked for, and what is not downloaded."""

from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from connectors.account import Folders
from connectors.message.parse import parse
from connectors.port import Query, Unavailable
from tests.contract.mails import ago, draft, fresh_id, invitation, mail, now
from tests.contract.outlook_world import OutlookWorld, account_on
from tests.contract.world import keys, read_all
from tests.servers.graph import GraphServer

ICS = b"BEGIN:VCALENDAR\r\nSUMMARY:Interview\r\nEND:VCALENDAR\r\n"


@pytest.fixture
def world() -> Iterator[OutlookWorld]:
    """An empty mailbox."""
    with GraphServer() as server:
        yield OutlookWorld(server)


def _requested(world: OutlookWorld, ending: str) -> int:
    return sum(each.path.endswith(ending) for each in world.server.requests)


def _with_attachments(to: str, *attached: tuple[bytes, str, str]) -> bytes:
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = "jane@acme.example", to, "Interview"
    message["Message-ID"] = fresh_id()
    message.set_content("See the invitation.\n")
    for content, subtype, name in attached:
        message.add_attachment(content, maintype="application", subtype=subtype, filename=name)
    return message.as_bytes()


def test_a_message_is_what_its_bytes_say(world: OutlookWorld) -> None:
    """The same mail read through Graph and from a file is the same message, but for its conversation."""
    raw = mail(world.account.address, answers=[fresh_id()], text="Grüße 😀\n")
    arrived = now()
    world.deliver(raw, arrived=arrived)
    with world.open() as mailbox:
        [message] = read_all(mailbox, not_before=ago(days=1))
    assert message == parse(raw, arrived=arrived, outgoing=False, thread=message.thread)
    assert message.thread == world.store.stored("inbox")[0].properties["conversationId"]


def test_attachments_are_not_downloaded(world: OutlookWorld) -> None:
    """Reading ends where they begin, and no attachment but a calendar is asked for."""
    world.deliver(invitation(world.account.address, message_id=fresh_id()))
    with world.open() as mailbox:
        read_all(mailbox, not_before=ago(days=1))
    assert _requested(world, "/attachments") == 1
    assert not any("/attachments/" in each.path for each in world.server.requests)


def test_a_calendar_behind_a_big_file_is_read(world: OutlookWorld) -> None:
    """Sent as a file after another one: that one is skipped, the invitation is fetched."""
    world.deliver(
        _with_attachments(world.account.address, (b"\0" * 2_000_000, "pdf", "map.pdf"), (ICS, "ics", "invite.ics"))
    )
    with world.open() as mailbox:
        [message] = read_all(mailbox, not_before=ago(days=1))
    assert [each.replace("\n", "\r\n").encode() for each in message.calendars] == [ICS]
    assert message.text and message.text.strip() == "See the invitation."


def test_words_that_look_like_an_attachment_are_words(world: OutlookWorld) -> None:
    """A text that quotes such a line is read to its end."""
    text = "They sent:\nContent-Disposition: attachment\n" + "and so on\n" * 9000 + "We decided otherwise.\n"
    world.deliver(mail(world.account.address, text=text))
    with world.open() as mailbox:
        [message] = read_all(mailbox, not_before=ago(days=1))
    assert message.text and message.text.endswith("We decided otherwise.\n")


def test_a_mail_deleted_between_list_and_get_is_skipped(world: OutlookWorld) -> None:
    world.deliver(mail(world.account.address))
    world.server.fail("GET", r"/\$value", 404, {"error": {"code": "ErrorItemNotFound"}})
    kept = fresh_id()
    world.deliver(mail(world.account.address, message_id=kept))
    with world.open() as mailbox:
        assert keys(read_all(mailbox, not_before=ago(days=1))) == [kept]


def test_a_mail_that_cannot_be_shown_is_set_aside(world: OutlookWorld) -> None:
    """One spoilt mail is told and does not stop the others."""
    world.deliver(mail(world.account.address))
    world.server.fail("GET", r"/\$value", 500, {"error": {"code": "ErrorContentConversionFailed"}})
    world.deliver(mail(world.account.address))
    with world.open() as mailbox:
        batches = list(mailbox.changes(None, not_before=ago(days=1)))
    assert sum(len(each.messages) for each in batches) == 1
    [aside] = [each for batch in batches for each in batch.set_aside]
    assert aside.place.startswith("INBOX, received 20")


def test_folders_are_found_by_the_names_outlook_shows(world: OutlookWorld) -> None:
    """In any language and nested; one named twice is read once."""
    jobs = world.store.add_folder("Jobs ä'/".rstrip("/"), world.store.add_folder("Bewerbungen"))
    for number in range(15):
        world.store.add_folder(f"Other {number}")
    wanted = fresh_id()
    world.store.put_mime(mail(world.account.address, message_id=wanted), jobs)
    world.account = account_on(world.server, folders=Folders(watch=("inbox", "INBOX", "bewerbungen/Jobs ä'")))
    with world.open() as mailbox:
        assert keys(read_all(mailbox, not_before=ago(days=1))) == [wanted]
    assert _requested(world, "inbox/messages/delta") == 1


def test_a_folder_that_is_not_there_is_named(world: OutlookWorld) -> None:
    world.account = account_on(world.server, folders=Folders(watch=("Nowhere/At all",)))
    with pytest.raises(Unavailable, match="Nowhere/At all"), world.open():
        pass


def test_a_search_looks_past_the_first_page(world: OutlookWorld) -> None:
    """Months of mail between now and the invitation."""
    wanted = fresh_id()
    world.deliver(mail(world.account.address, sender="x@rare.example", message_id=wanted), arrived=ago(days=90))
    for number in range(250):
        world.deliver(mail(world.account.address), arrived=ago(hours=number))
    with world.open() as mailbox:
        query = Query(since=ago(days=180), correspondents=frozenset({"@rare.example"}))
        assert keys(list(mailbox.search(query))) == [wanted]
    assert _requested(world, "/$value") == 1


def test_drafts_are_not_found(world: OutlookWorld) -> None:
    """A draft that the user keeps in INBOX was neither received nor sent."""
    world.store.put_mime(mail(world.account.address), "inbox", is_draft=True)
    with world.open() as mailbox:
        query = Query(since=ago(days=9), correspondents=frozenset({"@acme.example"}))
        assert list(mailbox.search(query)) == []


def test_a_mailbox_without_archive_is_searched(world: OutlookWorld) -> None:
    del world.store.folders["archive"]
    with world.open() as mailbox:
        assert list(mailbox.search(Query(since=ago(days=9), names=frozenset({"Acme"})))) == []


def test_rows_of_any_shape_are_no_crash(world: OutlookWorld) -> None:
    """Whatever types the fields have: a row that says nothing matches nothing."""
    people = [None, 5, {"emailAddress": 5}, {"emailAddress": {"address": "a b@c", "name": 7}}]
    odd = {
        "id": 5,
        "from": {"emailAddress": {"address": "/O=EXCHANGELABS/CN=X", "name": "X"}},
        "toRecipients": people,
        "ccRecipients": "x",
        "receivedDateTime": "2026-13-45T99:00:00Z",
        "singleValueExtendedProperties": [5, {"id": 5}],
        "internetMessageId": ["<a@b>"],
    }
    for ending in ("inbox/messages", "drafts/messages"):
        world.server.fail("GET", ending, 200, {"value": [odd, {}, 5, None]}, times=2)
    with world.open() as mailbox:
        assert list(mailbox.search(Query(since=ago(days=9), names=frozenset({"Acme"})))) == []
        mailbox.place_draft(draft(world.account.address))
