"""What came since a cursor in Outlook: everything once, whatever fails in between."""

import json
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice

import pytest

from connectors.port import Changes, Cursor, CursorExpired, Unavailable
from connectors.wake import Bell
from tests.contract.mails import ago, fresh_id, mail
from tests.contract.outlook_world import OutlookWorld
from tests.contract.world import keys, keys_since
from tests.servers.graph import GraphServer


@pytest.fixture
def world() -> Iterator[OutlookWorld]:
    """An empty mailbox."""
    with GraphServer() as server:
        yield OutlookWorld(server)


def _read_to_end(world: OutlookWorld) -> Cursor:
    with world.open() as mailbox:
        return list(mailbox.changes(None, not_before=ago(days=1)))[-1].cursor


def _since(world: OutlookWorld, cursor: Cursor) -> list[str]:
    with world.open() as mailbox:
        return keys_since(mailbox, cursor)


def _requested(world: OutlookWorld, ending: str) -> int:
    return sum(each.path.endswith(ending) for each in world.server.requests)


@pytest.mark.parametrize("ending", ["delta", r"/\$value"])
@pytest.mark.parametrize("at", [0, 1])
def test_a_500_in_the_middle_skips_nothing(world: OutlookWorld, ending: str, at: int) -> None:
    """Whichever request of a reading fails: from the last saved cursor on, every mail comes once, none is missed."""
    wanted = [fresh_id() for _ in range(105)]
    for each in wanted:
        world.deliver(mail(world.account.address, message_id=each))
    found: list[str] = []
    cursor: Cursor | None = None
    with world.open() as mailbox:
        for batch in islice(mailbox.changes(None, not_before=ago(days=1)), at):
            found, cursor = found + keys(batch.messages), batch.cursor
    world.server.fail("GET", ending, 500, "<html>oops</html>")
    with pytest.raises(Unavailable), world.open() as mailbox:
        for batch in mailbox.changes(cursor, not_before=ago(days=1)):
            found, cursor = found + keys(batch.messages), batch.cursor
    with world.open() as mailbox:
        for batch in mailbox.changes(cursor, not_before=ago(days=1)):
            found += keys(batch.messages)
    assert sorted(found) == sorted(wanted)


def test_a_page_beyond_the_size_asked_for_is_cut_into_batches(world: OutlookWorld) -> None:
    """Memory stays bounded, and the cursor does not move before the whole page is read."""
    wanted = [fresh_id() for _ in range(120)]
    for each in wanted:
        world.deliver(mail(world.account.address, message_id=each))
    world.server.graph.ignores_sizes = True
    with world.open() as mailbox:
        batches = list(mailbox.changes(None, not_before=ago(days=1)))
    assert [len(each.messages) for each in batches] == [100, 20, 0]
    assert sorted(_since(world, batches[0].cursor)) == sorted(wanted)
    assert _since(world, batches[1].cursor) == []


def test_what_is_gone_undoes_nothing(world: OutlookWorld) -> None:
    """``@removed`` tells of deleted and moved mail; drafts and flags are no news either."""
    for _ in range(3):
        world.deliver(mail(world.account.address))
    cursor = _read_to_end(world)
    first, second, third = world.store.stored("inbox")
    world.store.remove(first)
    world.store.move(second, "archive")
    world.store.change(third, is_read=True)
    world.store.put_mime(mail(world.account.address), "inbox", is_draft=True)
    assert _since(world, cursor) == []


def test_an_old_mail_moved_into_the_folder_is_news(world: OutlookWorld) -> None:
    """Out of Junk, however old: a date in the query would have left it out for ever."""
    cursor = _read_to_end(world)
    old = fresh_id()
    item = world.store.put_mime(mail(world.account.address, message_id=old), "junkemail", received=ago(days=30))
    world.store.move(item, "inbox")
    assert _since(world, cursor) == [old]


def test_the_whole_link_is_kept(world: OutlookWorld) -> None:
    """Graph's own link, token and all, and nothing of it made here."""
    cursor = _read_to_end(world)
    before = len(world.server.requests)
    _since(world, cursor)
    asked = [each for each in world.server.requests[before:] if each.path.endswith("/delta")]
    assert [set(each.query) for each in asked] == [{"$deltatoken"}] * 2
    assert all(each.query["$deltatoken"] in cursor for each in asked)


def test_a_first_reading_of_a_big_folder_saves_how_far_it_came(world: OutlookWorld) -> None:
    """Old mail is passed over by its date alone: not one of it is fetched, and every page's end is a cursor."""
    for _ in range(250):
        world.store.put_mime(mail(world.account.address), "inbox", received=ago(days=400))
    new = fresh_id()
    world.deliver(mail(world.account.address, message_id=new))
    with world.open() as mailbox:
        batches = list(mailbox.changes(None, not_before=ago(days=1)))
    assert [keys(each.messages) for each in batches] == [[], [], [new], []]
    assert _requested(world, "/$value") == 1
    assert _since(world, batches[0].cursor) == [new], "the date still holds for what was there at the beginning"


def test_a_cursor_of_another_endpoint_or_none_of_ours_is_expired(world: OutlookWorld) -> None:
    """Nothing is asked of an address that only the journal knows."""
    good = json.loads(_read_to_end(world))
    for folders in ({"INBOX": ["https://evil.example/v1.0/me", None]}, {"INBOX": 5}, {"INBOX": [1, 2]}, 7, None):
        _is_expired(world, json.dumps(good | {"folders": folders}))
    for text in ("{", "[]", "{}", "7", "[" * 20_000):
        _is_expired(world, text)


def test_another_mailbox_is_read_from_its_beginning(world: OutlookWorld) -> None:
    """The account's name stays in the configuration, and its address is another person's now."""
    cursor = _read_to_end(world)
    world.server.graph.me["id"] = "somebody else"
    _is_expired(world, cursor)


def test_a_link_that_graph_cannot_use_is_expired(world: OutlookWorld) -> None:
    """Whatever its code says: asked for again it would be refused for ever."""
    cursor = _read_to_end(world)
    world.server.fail("GET", "delta", 400, {"error": {"code": "ErrorInvalidSyncStateData"}})
    _is_expired(world, cursor)


def _is_expired(world: OutlookWorld, cursor: str) -> None:
    with world.open() as mailbox, pytest.raises(CursorExpired):
        next(iter(mailbox.changes(Cursor(cursor), not_before=ago(days=1))))


def test_a_link_forgotten_in_the_middle_is_a_pause_and_then_a_new_beginning(world: OutlookWorld) -> None:
    """Told before the first batch, as the port wants it: by the next reading, which begins with that link."""
    for _ in range(150):
        world.deliver(mail(world.account.address))
    batches: list[Changes] = []
    with world.open() as mailbox:
        reading = iter(mailbox.changes(None, not_before=ago(days=1)))
        batches.append(next(reading))
        world.forget_cursors()
        with pytest.raises(Unavailable):
            next(reading)
        with pytest.raises(CursorExpired):
            next(iter(mailbox.changes(batches[-1].cursor, not_before=ago(days=1))))


def test_rows_that_cannot_be_followed_are_set_aside(world: OutlookWorld) -> None:
    """A row without a usable id is told, once, and the others are read."""
    cursor = _read_to_end(world)
    kept = fresh_id()
    good = world.received(mail(world.account.address, message_id=kept)).json()
    odd = [{"id": 5}, {"id": "a/../send"}, {"receivedDateTime": "0001-01-01T00:00:00+14:00"}, {"receivedDateTime": 5}]
    link = f"{world.server.url}/me/mailFolders/inbox/messages/delta?$deltatoken=x"
    page = {"value": [*odd, good | {"@removed": {}}, good, 5, None], "@odata.deltaLink": link}
    world.server.fail("GET", "inbox'\\)/messages/delta", 200, page)
    with world.open() as mailbox:
        batches = list(mailbox.changes(cursor, not_before=ago(days=1)))
    assert [key for each in batches for key in keys(each.messages)] == [kept]
    assert sum(len(each.set_aside) for each in batches) == 4


def test_waiting_before_reading_is_over_at_once(world: OutlookWorld) -> None:
    """Mail may have come: nobody has looked yet."""
    with world.open() as mailbox:
        start = time.monotonic()
        mailbox.wait(timedelta(seconds=30), Bell())
        assert time.monotonic() - start < 5


def test_waiting_reads_nothing(world: OutlookWorld) -> None:
    """A look costs one small request a folder, and leaves the mail for the reading."""
    with world.open() as mailbox:
        cursor = list(mailbox.changes(None, not_before=ago(days=1)))[-1].cursor
        before = len(world.server.requests)
        mailbox.wait(timedelta(seconds=0.5), Bell())
        looks = world.server.requests[before:]
        assert 4 <= len(looks) <= 8
        assert all(each.path.endswith("/delta") for each in looks)
        new = fresh_id()
        world.deliver(mail(world.account.address, message_id=new))
        mailbox.wait(timedelta(seconds=30), Bell())
        assert keys_since(mailbox, cursor) == [new]
