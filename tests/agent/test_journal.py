"""The journal: nothing half-written, nothing lost, nothing readable that need not be."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from agent.case import LetterKind, Link, State
from agent.journal import Journal, StoreTrouble, schema
from agent.journal.store import open_engine
from connectors.port import Cursor
from tests.agent.facts import NOON, NOTICE, T, filed, mail, placed, promised


@pytest.fixture
def journal(tmp_path: Path):
    journal = Journal(f"sqlite:///{tmp_path}/private/afterword.db")
    yield journal
    journal.close()


def test_what_was_written_is_read_back(journal: Journal):
    """The case, its events, and the case that the events alone make."""
    with journal.writing() as writer:
        case = writer.append(
            writer.open_case(NOON), filed(NOTICE, T.NOTICE, link=Link.OPENED), promised(), placed(parent=NOTICE.key)
        )
    with journal.writing() as writer:
        assert writer.case(case.id) == case
        assert writer.replayed(case.id) == case
        assert [event.kind for event in writer.events(case.id)] == ["mail", "promised", "placed"]
        assert writer.cases(State.REQUEST_DRAFTED) == [case]
        assert writer.cases(State.CLOSED) == []


def test_a_transaction_is_kept_whole_or_not_at_all(journal: Journal):
    """An event and the cursor stand or fall together."""
    with pytest.raises(RuntimeError), journal.writing() as writer:
        writer.append(writer.open_case(NOON), filed(NOTICE, T.NOTICE))
        writer.remember(NOTICE.key)
        writer.note_account("home", cursor=Cursor("1"))
        raise RuntimeError("the power goes")
    with journal.reading() as reader:
        assert (reader.cases(), reader.knows(NOTICE.key), reader.account("home").cursor) == ([], False, None)


def test_mail_is_found_by_every_name_of_its_case(journal: Journal):
    """By the Message-IDs of its mails, of its letters as placed and as really sent, and by thread."""
    answered = mail("rejection", key="<n@acme.example>", thread="t9")
    with journal.writing() as writer:
        case = writer.append(writer.open_case(NOON), filed(answered, T.NOTICE), promised())
        for name in ("key:<n@acme.example>", "id:<n@acme.example>", "id:<letter-1@example.org>", "thread:home:t9"):
            assert writer.by_reference([name, "id:<other@x.example>"]) == [case]
        assert writer.by_reference(["thread:work:t9"]) == []


def test_snapshots_can_be_made_again(journal: Journal):
    """Replay gives what was there."""
    with journal.writing() as writer:
        case = writer.append(writer.open_case(NOON), filed(NOTICE, T.NOTICE), promised(LetterKind.REQUEST))
        writer._connection.exec_driver_sql("UPDATE snapshot SET body = replace(body, 'request_due', 'noted')")
        assert writer.case(case.id) != case
        assert writer.rebuild() == 1
        assert writer.case(case.id) == case


def test_a_judged_message_leaves_only_a_keyed_hash(journal: Journal, tmp_path: Path):
    """No Message-ID of ordinary mail can be read from the file."""
    with journal.writing() as writer:
        writer.remember("<love-letter@example.org>")
        writer.remember("<love-letter@example.org>")
        assert writer.knows("<love-letter@example.org>")
    journal.close()
    assert b"love-letter" not in (tmp_path / "private/afterword.db").read_bytes()


def test_only_the_user_can_read_the_store(journal: Journal, tmp_path: Path):
    """0600 in a folder of 0700."""
    assert (tmp_path / "private").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "private/afterword.db").stat().st_mode & 0o777 == 0o600


def test_two_writers_wait_for_each_other(journal: Journal):
    """Threads and processes share one store."""

    def write(name: str) -> None:
        for _ in range(20):
            with journal.writing() as writer:
                writer.append(writer.open_case(NOON), filed(mail("receipt", key=f"<{name}@x.example>"), T.RECEIPT))

    threads = [threading.Thread(target=write, args=(str(number),)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with journal.reading() as reader:
        assert len(reader.cases()) == 80


def test_a_locked_store_is_a_sentence(journal: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """What happened, and that nothing is lost."""
    monkeypatch.setattr("agent.journal.store.BUSY_TIMEOUT", 0.1)
    second = Journal(journal.url)
    other = sqlite3.connect(tmp_path / "private/afterword.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreTrouble, match=r"locked by another program\. Nothing is lost"), second.writing():
        pass
    other.execute("ROLLBACK")
    other.close()
    with second.writing() as writer:
        writer.remember("<a@x.example>")
    second.close()


def test_a_damaged_or_unwritable_store_is_a_sentence(tmp_path: Path):
    """No traceback, no statement, no value."""
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"this is no database" * 100)
    with pytest.raises(StoreTrouble, match="damaged"):
        Journal(f"sqlite:///{broken}")
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(StoreTrouble):
        Journal(f"sqlite:///{tmp_path}/file/afterword.db")


def test_the_migrations_make_the_schema_that_the_code_uses(tmp_path: Path):
    """Alembic sees nothing left to do."""
    engine = open_engine(f"sqlite:///{tmp_path}/a.db")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), schema.metadata) == []
    engine.dispose()


def test_account_times_come_back_aware(journal: Journal):
    """SQLite keeps no offset."""
    with journal.writing() as writer:
        writer.note_account("home", first_turn=NOON)
        writer.note_account("home", trouble="the server is away", trouble_since=NOON)
    with journal.reading() as reader:
        record = reader.account("home")
    assert (record.first_turn, record.trouble_since, record.trouble) == (NOON, NOON, "the server is away")


def test_a_forgotten_case_is_gone_from_the_file(journal: Journal, tmp_path: Path):
    """No event, no snapshot, no name, not in the log either; its mail stays known, so it comes back never."""
    words = "Unforgettable words " * 2000
    secret = mail("rejection", key="<very-secret@acme.example>", subject=words)
    with journal.writing() as writer:
        case = writer.append(writer.open_case(NOON), filed(secret, T.NOTICE), promised())
        other = writer.append(writer.open_case(NOON), filed(NOTICE, T.NOTICE))
        writer.remember(secret.key)
    with journal.writing() as writer:
        writer.forget(case)
    journal.compact()
    with journal.reading() as reader:
        assert reader.cases() == [other]
        assert reader.events(case.id) == []
        assert reader.by_reference(["id:<very-secret@acme.example>"]) == []
        assert reader.knows(secret.key)
    files = b"".join(path.read_bytes() for path in (tmp_path / "private").iterdir())
    assert b"Unforgettable" not in files
    assert b"very-secret" not in files
    (database,) = (tmp_path / "private").glob("*.db")
    with closing(sqlite3.connect(database)) as plain:
        assert plain.execute("PRAGMA freelist_count").fetchone() == (0,)


def test_forgotten_mail_is_told_from_mail_that_was_merely_judged(journal: Journal):
    """The case's own messages and whatever answers them; unless another case knows the thread as well."""
    first = mail("rejection", key="<n@acme.example>", message_id="<n@acme.example>", thread="t1")
    answer = mail(key="<a@acme.example>", references=("<x@acme.example>", "<n@acme.example>"))
    with journal.writing() as writer:
        case = writer.append(writer.open_case(NOON), filed(first, T.NOTICE), promised())
        writer.remember("<judged@acme.example>")
        assert not writer.is_forgotten(first)
        writer.forget(case)
        to_letter = mail(key="<b@acme.example>", references=("<letter-1@example.org>",))
        threaded = mail(key="<c@acme.example>", thread="t1")
        assert all(writer.is_forgotten(one) for one in (first, answer, to_letter, threaded))
        assert not writer.is_forgotten(mail(key="<judged@acme.example>"))
        assert not writer.is_forgotten(mail(key="<d@acme.example>", thread="t1", account="work"))
        writer.append(writer.open_case(NOON), filed(mail("interview", key="<x@acme.example>"), T.INTERVIEW))
        assert not writer.is_forgotten(answer)
        assert writer.is_forgotten(first)


def test_what_was_not_wiped_is_wiped_at_the_next_opening(journal: Journal, tmp_path: Path):
    """The power goes between the deleting and the rewriting."""
    secret = mail("rejection", subject="Unforgettable words")
    with journal.writing() as writer:
        case = writer.append(writer.open_case(NOON), filed(secret, T.NOTICE))
    with journal.writing() as writer:
        writer.forget(case)
    kept = {path.name: path.read_bytes() for path in (tmp_path / "private").iterdir()}
    assert any(b"Unforgettable" in content for content in kept.values())
    journal.close()
    for name, content in kept.items():
        (tmp_path / "private" / name).write_bytes(content)
    again = Journal(journal.url)
    assert b"Unforgettable" not in b"".join(path.read_bytes() for path in (tmp_path / "private").iterdir())
    with again.reading() as reader:
        assert not reader.must_wipe()
    again.close()


def test_a_reader_hinders_the_wiping_only_while_it_reads(journal: Journal, monkeypatch: pytest.MonkeyPatch):
    """It is said, not swallowed; and once the reader is done it works."""
    monkeypatch.setattr("agent.journal.store.BUSY_TIMEOUT", 0.05)
    other = Journal(journal.url)
    with journal.writing() as writer:
        case = writer.append(writer.open_case(NOON), filed(NOTICE, T.NOTICE))
    impatient = Journal(journal.url)
    with other.reading() as reader:
        reader.cases()
        with impatient.writing() as writer:
            writer.forget(case)
        with pytest.raises(StoreTrouble, match="in use all the time"):
            impatient.compact()
    impatient.compact()
    with other.reading() as reader:
        assert not reader.must_wipe()
    other.close()
    impatient.close()
