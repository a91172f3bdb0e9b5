"""`forget`: really gone, and it stays gone."""

import threading

from agent.case import Trigger
from agent.journal import Journal
from agent.lock import daemon_lock
from tests.agent.facts import NOON, filed, hours, mail
from tests.agent.stage import REJECTION, eml
from tests.cli.conftest import Home
from tests.cli.test_history import cases, deliver, known, still, story

__all__ = ["still"]


def on_disk(home: Home) -> bytes:
    """Everything that Afterword keeps, as bytes."""
    return b"".join(path.read_bytes() for path in (home.folder / ".local").rglob("*") if path.is_file())


def test_forgotten_words_are_in_no_file(configured: Home) -> None:
    """Case, events, snapshot, names and log; another case stays whole."""
    id_ = known(configured)
    other = configured.happened(filed(mail("rejection", key="<o@initech.example>", employer="Initech"), Trigger.NOTICE))
    assert b"Unforgettable" in on_disk(configured)
    ended = configured.run("forget", id_, "--yes")
    assert ended.code == 0, ended.err
    assert f"Forgotten: case {id_} (Acme)." in ended.out
    assert "Drafts in your mailbox stay" in ended.out
    for words in (b"nforgettable", b"trade-offs", b"More numbers", b"no@acme.example", b"t9", id_.encode()):
        assert words not in on_disk(configured), words
    assert configured.case(other.id) == other


def test_an_account_and_everything(configured: Home) -> None:
    """By its name; also one that is configured no more."""
    known(configured)
    configured.happened(filed(mail("rejection", key="<w@x.example>", account="former"), Trigger.NOTICE))
    assert "1 case of former" in configured.run("forget", "former", "--yes").out
    assert len(cases(configured)) == 1
    ended = configured.run("forget", "home", "--yes")
    assert "Afterword goes on reading home: new mail makes new cases, old mail stays silent." in ended.out
    known(configured)
    assert configured.run("forget", "--all", "--yes").code == 0
    assert cases(configured) == []
    assert b"nforgettable" not in on_disk(configured)


def test_forgetting_needs_a_yes_and_a_name(configured: Home) -> None:
    """Wrong usage; nothing is forgotten."""
    id_ = known(configured)
    assert configured.run("forget", id_).code == 2
    assert configured.run("forget").code == 2
    assert configured.run("forget", id_, "--all", "--yes").code == 2
    assert configured.run("forget", "zzzzzz", "--yes").code == 1
    assert cases(configured) == [id_]


def test_what_is_forgotten_stays_forgotten(configured: Home) -> None:
    """Its mail is read again by an import, a look back and a forgotten cursor, and answered: no case, no draft."""
    story(configured, age=20)
    configured.run("import")
    configured.run("check")
    [id_] = cases(configured)
    configured.run("forget", id_, "--yes")
    journal = Journal(configured.store)
    with journal.writing() as writer:
        writer.note_account("home", cursor=None, past_cursor=None, past_since=None)
    journal.close()
    again = eml(REJECTION, key="again@acme.example", answers="no@acme.example", date=NOON)
    deliver(configured, "again", again, age=0)
    configured.run("check")
    configured.run("import")
    assert cases(configured) == []
    assert list((configured.folder / "Mail/.Drafts/cur").iterdir()) == []


def test_a_new_application_at_a_forgotten_employer_does_not_bring_the_old_one_back(configured: Home) -> None:
    """The look back for the new notice meets the forgotten mails, and passes them over."""
    story(configured, age=20)
    configured.run("import")
    configured.run("check")
    configured.run("forget", "home", "--yes")
    deliver(configured, "new", eml(REJECTION, key="new@acme.example", date=NOON), age=0)
    configured.run("check")
    [id_] = cases(configured)
    assert [one.key for one in configured.case(id_).mails] == ["<new@acme.example>"]


def test_forgetting_while_the_daemon_is_at_work(configured: Home) -> None:
    """Reading and writing in a thread, over and over: nothing breaks, and the words are gone."""
    id_ = known(configured)
    stop, failed = threading.Event(), list[Exception]()

    def work() -> None:
        journal = Journal(configured.store)
        try:
            while not stop.is_set():
                with journal.reading() as reader:
                    reader.cases()
                with journal.writing() as writer:
                    writer.note_account("home", last_turn=NOON + hours(1))
        except Exception as failure:  # noqa: BLE001 - whatever it is, the test names it
            failed.append(failure)
        finally:
            journal.close()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        with daemon_lock(configured.store):
            assert configured.run("forget", id_, "--yes").code == 0
    finally:
        stop.set()
        thread.join(20)
    assert failed == []
    assert b"nforgettable" not in on_disk(configured)
