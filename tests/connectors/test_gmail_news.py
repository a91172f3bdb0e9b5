"""What came since a cursor: nothing skipped, nothing twice, whatever Google's history looks like."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from connectors.account import Folders
from connectors.message import MessageId
from connectors.port import Changes, Cursor, CursorExpired, Unavailable
from tests.contract.gmail_world import GmailWorld
from tests.contract.mails import ago, fresh_id, mail
from tests.contract.world import keys_since, read_all
from tests.servers.gmail import Gmail
from tests.servers.gmail_trouble import answers, fails, meanwhile

ME = "ana@example.org"


@pytest.fixture
def world() -> Iterator[GmailWorld]:
    """An empty mailbox."""
    with Gmail() as server:
        yield GmailWorld(server)


def _deliver(world: GmailWorld, labels: str = "INBOX UNREAD") -> tuple[MessageId, str]:
    """One mail under these labels: its Message-ID and Gmail's own id."""
    message_id = fresh_id()
    return message_id, world.server.store.insert(mail(ME, message_id=message_id), set(labels.split())).id


def _cursor(world: GmailWorld) -> Cursor:
    with world.open() as mailbox:
        return list(mailbox.changes(None, not_before=ago(days=1)))[-1].cursor


def _since(world: GmailWorld, cursor: Cursor) -> list[str]:
    with world.open() as mailbox:
        return keys_since(mailbox, cursor)


def _batches(world: GmailWorld, cursor: Cursor | None) -> list[Changes]:
    with world.open() as mailbox:
        return list(mailbox.changes(cursor, not_before=ago(days=1)))


def _keys(batches: list[Changes]) -> list[str]:
    return [each.key for batch in batches for each in batch.messages]


def test_mail_moved_into_the_inbox_is_news(world: GmailWorld) -> None:
    """Out of Spam, or out of the archive: for the user it came now."""
    message_id, own = _deliver(world, "SPAM")
    cursor = _cursor(world)
    assert _since(world, cursor) == []
    world.server.store.mark(own, add={"INBOX"}, remove={"SPAM"})
    assert _since(world, cursor) == [message_id]


def test_mail_archived_before_we_looked_did_come(world: GmailWorld) -> None:
    """A user is quicker than a poll; what a filter kept out of the inbox, and what went to Trash, is not news."""
    cursor = _cursor(world)
    archived, own = _deliver(world)
    world.server.store.mark(own, remove={"INBOX"})
    world.server.store.records[-2]["messagesAdded"][0]["message"]["labelIds"] = ["UNREAD"]  # type: ignore[index]  # as if history showed labels of today
    _deliver(world, "UNREAD")
    _, binned = _deliver(world)
    world.server.store.mark(binned, add={"TRASH"}, remove={"INBOX"})
    assert _since(world, cursor) == [archived]


def test_a_message_gone_between_list_and_get_is_skipped(world: GmailWorld) -> None:
    """Deleted for good in that moment: the others are read, in the first reading and after it."""
    for cursor in (None, _cursor(world)):
        _, gone = _deliver(world)
        kept, _ = _deliver(world)
        world.server.next(f"/messages/{gone}", meanwhile(lambda own=gone: world.server.store.vanish(own)))  # type: ignore[misc]  # bound at once
        assert _keys(_batches(world, cursor))[-1:] == [kept]
        assert world.server.count(f"/messages/{gone}") == 1


def test_history_is_read_page_by_page(world: GmailWorld) -> None:
    """Three rows a page: all of it, once, and any batch's cursor gives exactly the rest."""
    world.server.page = 3
    cursor = _cursor(world)
    wanted = [_deliver(world)[0] for _ in range(60)]
    batches = _batches(world, cursor)
    assert sorted(_keys(batches)) == sorted(wanted)
    assert len(batches) > 1
    for at, batch in enumerate(batches):
        assert sorted(_since(world, batch.cursor)) == sorted(_keys(batches[at + 1 :]))


def test_mail_that_comes_between_two_pages_is_not_skipped(world: GmailWorld) -> None:
    """The last page names a place in the history that its rows need not reach."""
    world.server.page = 2
    cursor = _cursor(world)
    wanted = [_deliver(world)[0] for _ in range(3)]
    late: list[MessageId] = []

    def come() -> None:
        late.append(_deliver(world)[0])
        late.append(_deliver(world)[0])

    with world.open() as mailbox:
        batches = mailbox.changes(cursor, not_before=ago(days=1))
        world.server.next("GET .*/history", meanwhile(lambda: None), meanwhile(come))
        read = list(batches)
    assert sorted(_keys(read)) == sorted(wanted)
    assert sorted(_since(world, read[-1].cursor)) == sorted(late)


def test_one_record_with_many_messages_stays_bounded(world: GmailWorld) -> None:
    """A whole label moved into the inbox at once is one record; broken off inside, it is read again."""
    cursor = _cursor(world)
    store = world.server.store
    rows = [{"message": store.insert(mail(ME), {"INBOX"}).brief} for _ in range(120)]
    store.records[:] = [{"id": str(store.history), "messagesAdded": rows}]
    batches = _batches(world, cursor)
    assert [len(each.messages) for each in batches] == [50, 50, 20]
    assert len(_since(world, batches[0].cursor)) == 120
    assert _since(world, batches[-1].cursor) == []


def test_mail_that_comes_during_the_first_reading_is_given_once(world: GmailWorld) -> None:
    """It is in the list and in the history both."""
    _deliver(world)
    world.server.next("GET .*/messages$", meanwhile(lambda: _deliver(world)))
    read = _keys(_batches(world, None))
    assert len(read) == len(set(read)) == 2


def test_mail_that_comes_behind_a_broken_first_reading_is_not_skipped(world: GmailWorld) -> None:
    """An old mail moved into the inbox meanwhile has a low number; it comes with the history."""
    moved, own = _deliver(world, "UNREAD")
    for _ in range(60):
        _deliver(world)
    first = next(iter(_batches(world, None)))
    world.server.store.mark(own, add={"INBOX"})
    rest = _since(world, first.cursor)
    assert moved in rest
    assert len(rest) == 11


def test_a_forgotten_history_is_told_before_the_rest_of_a_first_reading(world: GmailWorld) -> None:
    """Broken off, and resumed after weeks."""
    for _ in range(60):
        _deliver(world)
    first = next(iter(_batches(world, None)))
    world.forget_cursors()
    read = world.server.count("/messages/")
    with pytest.raises(CursorExpired):
        _since(world, first.cursor)
    assert world.server.count("/messages/") == read


@pytest.mark.parametrize(
    "spoilt", ["", "x", "[]", "{}", {"history": "7"}, {"last": "a/b"}, {"not_before": "x"}, {"owner": 5}, "[" * 9000]
)
def test_a_damaged_cursor_is_expired(world: GmailWorld, spoilt: str | dict[str, object]) -> None:
    """Also that of another connector, when an account was moved to this one."""
    good = json.loads(_cursor(world))
    cursor = spoilt if isinstance(spoilt, str) else json.dumps(good | spoilt)
    with pytest.raises(CursorExpired):
        _since(world, Cursor(cursor))


def test_another_mailbox_is_read_from_its_beginning(world: GmailWorld) -> None:
    """The account's name stays in the configuration, and its address is another person's: numbers of the one's history
    are places in the other's, and mail would be skipped."""
    cursor = _cursor(world)
    world.server.store.address = "bob@example.org"
    world.account = replace(world.account, addresses=("bob@example.org",))
    with pytest.raises(CursorExpired, match="another mailbox"):
        _since(world, cursor)


@pytest.mark.parametrize(
    "answer", [b"{}", b'{"historyId": "x"}', b"[]", b"null", b'{"historyId": "1", "nextPageToken": 3}']
)
def test_a_history_that_does_not_say_where_it_ends_moves_no_cursor(world: GmailWorld, answer: bytes) -> None:
    """Better to ask again than to skip."""
    cursor = _cursor(world)
    world.server.next("GET .*/history", answers(answer))
    with pytest.raises(Unavailable):
        _since(world, cursor)


def test_trouble_in_the_middle_of_a_page_skips_nothing(world: GmailWorld) -> None:
    """A 500 is asked again; one that stays ends the reading at the batch before it."""
    cursor = _cursor(world)
    wanted = [_deliver(world)[0] for _ in range(55)]
    world.server.next(f"/messages/{list(world.server.store.messages)[52]}", fails(500, "backendError", retry_after="0"))
    assert sorted(_since(world, cursor)) == sorted(wanted)
    world.server.next(f"/messages/{list(world.server.store.messages)[52]}", *[fails(500, "x", retry_after="0")] * 9)
    given: list[Changes] = []
    with world.open() as mailbox, pytest.raises(Unavailable):
        given += (batch for batch in mailbox.changes(cursor, not_before=ago(days=1)))
    world.server._acts.clear()
    assert len(_keys(given)) == 50
    assert sorted(_keys(given) + _since(world, given[-1].cursor)) == sorted(wanted)


def test_other_labels_can_be_watched(world: GmailWorld) -> None:
    """By the name the user sees, in any letter case; mail under them comes even if it skips the inbox."""
    world.server.store.labels["Jobs/Acme"] = "Label_7"
    world.account = replace(world.account, folders=Folders(watch=("INBOX", "jobs/acme")))
    filed, _ = _deliver(world, "Label_7 UNREAD")
    cursor = _cursor(world)
    later, _ = _deliver(world, "Label_7 UNREAD")
    assert _since(world, cursor) == [later]
    with world.open() as mailbox:
        assert filed in [each.key for each in read_all(mailbox, not_before=ago(days=1))]


@pytest.mark.parametrize("name", ["Spam", "junk"])
def test_spam_is_read_when_the_user_says_so(world: GmailWorld, name: str) -> None:
    """Answers of employers end there; unwatched, it stays unread."""
    before, _ = _deliver(world, "SPAM UNREAD")
    assert _cursor(world)
    with world.open() as mailbox:
        assert before not in [each.key for each in read_all(mailbox, not_before=ago(days=1))]
    world.account = replace(world.account, folders=Folders(watch=("INBOX", name)))
    cursor = _cursor(world)
    later, _ = _deliver(world, "SPAM UNREAD")
    assert _since(world, cursor) == [later]
    with world.open() as mailbox:
        assert before in [each.key for each in read_all(mailbox, not_before=ago(days=1))]


def test_a_label_that_is_not_there_is_named(world: GmailWorld) -> None:
    """With those that are like it."""
    world.server.store.labels["Bewerbungen"] = "Label_8"
    world.account = replace(world.account, folders=Folders(watch=("Bewerbung",)))
    with pytest.raises(Unavailable, match="no label `Bewerbung` in this mailbox; it has bewerbungen"), world.open():
        pass


def test_a_quiet_poll_costs_two_units(world: GmailWorld) -> None:
    """Nothing new: one look at the history, nothing else."""
    cursor = _cursor(world)
    with world.open() as mailbox:
        before = world.server.spent
        assert keys_since(mailbox, cursor) == []
        assert world.server.spent - before == 2


def test_a_mail_costs_one_get(world: GmailWorld) -> None:
    """Attachments, labels and threads are not asked for."""
    cursor = _cursor(world)
    _deliver(world)
    with world.open() as mailbox:
        before = world.server.spent
        assert len(keys_since(mailbox, cursor)) == 1
        assert world.server.spent - before == 2 + 20
