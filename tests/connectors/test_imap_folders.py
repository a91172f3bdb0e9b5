"""Which folder is what, on servers that tell and on servers that do not."""

import pytest

from connectors.account import Folders
from connectors.imap.folders import find_places
from connectors.imap.session import Listed
from connectors.port import Unavailable
from tests.contract.imap_world import ImapWorld, account_on
from tests.contract.mails import ago, draft, fresh_id, mail
from tests.contract.world import keys, read_all
from tests.servers.dovecot import Dovecot


def _tree(*names: str, delimiter: str = "/", marked: dict[str, str] | None = None) -> list[Listed]:
    """Folders by name; ``marked``: the attributes of some of them."""
    marks = marked or {}
    return [Listed(name=name, attributes=frozenset(marks.get(name, "").split()), delimiter=delimiter) for name in names]


def test_special_use_counts_more_than_names() -> None:
    """Gmail in German: the attribute tells, whatever the folder is called, and a folder called Drafts is not it."""
    marked = {
        "[Gmail]/Entwürfe": "\\drafts",
        "[Gmail]/Gesendet": "\\sent",
        "[Gmail]/Papierkorb": "\\trash",
        "[Gmail]/Alle Nachrichten": "\\all",
    }
    listed = _tree("INBOX", "Drafts", *marked, marked=marked)
    places = find_places(listed, Folders(), "")
    assert (places.drafts, places.sent, places.trash) == ("[Gmail]/Entwürfe", "[Gmail]/Gesendet", "[Gmail]/Papierkorb")
    assert places.archives == ("[Gmail]/Alle Nachrichten",)
    assert not places.drafts_missing
    assert places.read == ("[Gmail]/Gesendet", "INBOX")
    assert places.searched == ("[Gmail]/Gesendet", "INBOX", "[Gmail]/Alle Nachrichten")


_NAMES = """Drafts, drafts, Entwürfe, Brouillons, Borradores, Bozze, Rascunhos, Concepten, Szkice, Kopie robocze,
    Utkast, 下書き, Черновики, 草稿"""


@pytest.mark.parametrize("name", [" ".join(name.split()) for name in _NAMES.split(",")])
def test_names_in_many_languages(name: str) -> None:
    """Without special use the usual names are known, at the top, below INBOX and below the server's prefix."""
    for listed, prefix in (
        (_tree("INBOX", "Project/Drafts", name), ""),
        (_tree("INBOX", f"INBOX.{name}", "INBOX.Sent", delimiter="."), "INBOX."),
        (_tree("INBOX", f"INBOX.{name}", "INBOX.Sent", delimiter="."), ""),
        (_tree("INBOX", f"Mail/{name}", "Mail/Sent"), "Mail/"),
        (_tree("INBOX", name, delimiter=""), ""),
    ):
        places = find_places(listed, Folders(), prefix)
        assert (places.drafts, places.drafts_missing) == (listed[-1 if "Project" in listed[1].name else 1].name, False)


def test_the_users_word_counts_most() -> None:
    """A configured folder is taken as it is, with or without the prefix, with `/` for any delimiter."""
    listed = _tree(
        "INBOX", "INBOX.Drafts", "INBOX.Mine", "INBOX.Out.2026", delimiter=".", marked={"INBOX.Drafts": "\\drafts"}
    )
    for drafts in ("Mine", "INBOX.Mine", "INBOX/Mine"):
        places = find_places(listed, Folders(watch=("inbox",), drafts=drafts, sent="Out/2026"), "INBOX.")
        assert (places.drafts, places.sent, places.watch) == ("INBOX.Mine", "INBOX.Out.2026", ("INBOX",))


def test_a_folder_that_cannot_be_opened_is_none() -> None:
    """A name that only holds others (``\\Noselect``) is no place for a draft."""
    listed = [
        Listed(name="INBOX"),
        Listed(name="Drafts", attributes=frozenset({"\\noselect"})),
        Listed(name="Brouillons"),
    ]
    assert find_places(listed, Folders(), "").drafts == "Brouillons"


def test_a_missing_drafts_folder_lies_where_the_others_do() -> None:
    """It is created below the prefix, told or seen, and under the configured name."""
    below = _tree("INBOX", "INBOX.Sent", delimiter=".")
    flat = _tree("INBOX", "Sent")
    assert find_places(below, Folders(), "").drafts == "INBOX.Drafts"
    assert find_places(below, Folders(drafts="Letters"), "INBOX.").drafts == "INBOX.Letters"
    assert find_places(flat, Folders(drafts="A/B"), "").drafts == "A/B"
    assert find_places(_tree("INBOX"), Folders(), "").drafts == "Drafts"
    assert all(find_places(each, Folders(), "").drafts_missing for each in (below, flat))


def test_a_folder_that_is_not_there_is_named_with_its_neighbours() -> None:
    """A watched or sent folder that does not exist: the sentence names it and what is there instead."""
    listed = _tree("INBOX", "Jobs", "Bewerbungen 2026", "Sent")
    for wanted in (Folders(watch=("INBOX", "Bewerbung 2026")), Folders(sent="Bewerbung 2026")):
        with pytest.raises(Unavailable) as failure:
            find_places(listed, wanted, "")
        assert "`Bewerbung 2026`" in str(failure.value)
        assert "Bewerbungen 2026" in str(failure.value)


def test_a_missing_folder_on_a_real_server() -> None:
    """It is a pause, not the end: once the folder is there the account goes on."""
    with Dovecot() as server:
        world = ImapWorld(server, account_on(server, folders=Folders(watch=("INBOX", "Jobs"))))
        with pytest.raises(Unavailable) as failure, world.open():
            pass
        assert "`Jobs`" in str(failure.value)
        assert "INBOX" in str(failure.value)
        own = fresh_id()
        world.deliver(mail(world.account.address, message_id=own), folder="Jobs")
        with world.open() as mailbox:
            assert keys(read_all(mailbox, not_before=ago(days=1))) == [own]
        world.close()


def test_a_folder_that_vanishes_is_a_pause() -> None:
    """A watched folder deleted while it is watched: `Unavailable` at the next look."""
    with Dovecot() as server:
        world = ImapWorld(server, account_on(server, folders=Folders(watch=("INBOX", "Jobs"))))
        world.deliver(mail(world.account.address), folder="Jobs")
        with world.open() as mailbox:
            read_all(mailbox, not_before=ago(days=1))
            world._hands.delete_folder("Jobs")
            with pytest.raises(Unavailable):
                read_all(mailbox, not_before=ago(days=1))
        world.close()


def test_a_folder_watched_later_is_read_from_the_date() -> None:
    """A folder added to the configuration has no mark yet: of it the mail since `not_before` is read, once."""
    with Dovecot() as server:
        world = ImapWorld(server, account_on(server))
        old, new = fresh_id(), fresh_id()
        world.deliver(mail(world.account.address, message_id=old), folder="Jobs", arrived=ago(days=9))
        world.deliver(mail(world.account.address, message_id=new), folder="Jobs", arrived=ago(hours=9))
        with world.open() as mailbox:
            cursor = list(mailbox.changes(None, not_before=ago(days=30)))[-1].cursor
        world.account = account_on(server, folders=Folders(watch=("INBOX", "Jobs")))
        with world.open() as mailbox:
            batches = list(mailbox.changes(cursor, not_before=ago(days=1)))
            assert [each.key for batch in batches for each in batch.messages] == [new]
            assert [batch.messages for batch in mailbox.changes(batches[-1].cursor, not_before=ago(days=1))] == [()]
        world.close()


def test_strange_names_are_read_and_written() -> None:
    """Quotes, backslashes, ampersands and other alphabets in folder names, digits alone included."""
    for name in ('Dra"fts', "Entwürfe & Co", "下書き/2026", "2026", "back\\slash"):
        with Dovecot(drafts=None) as server:
            account = account_on(server, folders=Folders(drafts=name))
            world = ImapWorld(server, account, drafts=name)
            with world.open() as mailbox:
                mailbox.place_draft(draft(account.address))
            with world.open() as mailbox:
                mailbox.place_draft(draft(account.address, parent=fresh_id()))
            assert len(world.drafts()) == 2
            world.close()


def test_a_misspelt_drafts_folder_is_told_and_none_is_made() -> None:
    """A letter in a folder that nobody looks into would be lost; only where there is no Drafts at all is one made."""
    listed = [Listed(name="INBOX"), Listed(name="Entwürfe", attributes=frozenset({"\\drafts"}))]
    with pytest.raises(Unavailable, match="Entwurfe"):
        find_places(listed, Folders(drafts="Entwurfe"), "")
    assert find_places(listed[:1], Folders(drafts="Letters"), "").drafts_missing
