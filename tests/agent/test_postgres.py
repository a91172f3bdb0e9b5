"""The journal on a PostgreSQL server: what holds for the file holds there. `make test-postgres` wants the server."""

import os
import threading
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, make_url, text

from agent.case import State
from agent.journal import Journal, StoreTrouble, schema
from agent.journal.store import open_engine
from agent.journal.upgrade import MIGRATIONS
from tests.agent.facts import NOON, NOTICE, T, filed, mail, promised
from tests.agent.stage import Stage, interviewed_and_turned_down
from tests.agent.test_journal import (
    test_a_transaction_is_kept_whole_or_not_at_all,
    test_account_times_come_back_aware,
    test_forgotten_mail_is_told_from_mail_that_was_merely_judged,
    test_mail_is_found_by_every_name_of_its_case,
    test_snapshots_can_be_made_again,
    test_two_writers_wait_for_each_other,
    test_what_was_written_is_read_back,
)
from tests.servers.postgres import Postgres, programs

__all__ = [
    "test_a_transaction_is_kept_whole_or_not_at_all",
    "test_account_times_come_back_aware",
    "test_forgotten_mail_is_told_from_mail_that_was_merely_judged",
    "test_mail_is_found_by_every_name_of_its_case",
    "test_snapshots_can_be_made_again",
    "test_two_writers_wait_for_each_other",
    "test_what_was_written_is_read_back",
]

_NUMBER = count()


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    if programs() is None and not os.environ.get("AFTERWORD_POSTGRES"):
        pytest.skip("PostgreSQL is not installed here: a store on a server is not tested (Debian: postgresql)")
    pytest.importorskip("psycopg")
    with Postgres() as running:
        yield running


@pytest.fixture
def address(server: Postgres) -> str:
    return server.create(f"store{next(_NUMBER)}")


@pytest.fixture
def journal(address: str) -> Iterator[Journal]:
    opened = Journal(address)
    yield opened
    opened.close()


def test_the_tables_are_those_of_the_code(address: str) -> None:
    """Made in one go, and from the first form on."""
    engine = open_engine(address)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), schema.metadata) == []
    engine.dispose()


def test_a_store_of_the_first_form_is_brought_up(address: str) -> None:
    """In its place: what was in it stays."""
    engine = create_engine(make_url(address).set(drivername="postgresql+psycopg"))
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.execute(text("INSERT INTO account (name, cursor) VALUES ('home', 'as far as this')"))
    engine.dispose()
    journal = Journal(address)
    with journal.reading() as reader:
        assert reader.account("home").cursor == "as far as this"
    journal.close()


def test_the_story_is_told_there_too(tmp_path: Path, address: str) -> None:
    """Real turns: the notice, its letter, and replay gives the same."""

    class There(Stage):
        def open_journal(self) -> Journal:
            return Journal(address)

    stage = There(tmp_path)
    interviewed_and_turned_down(stage)
    assert stage.case.state is State.REQUEST_DRAFTED
    with stage.journal.writing() as writer:
        assert [writer.replayed(stage.case.id)] == stage.cases()
    stage.journal.close()


def test_nobody_writes_on_what_another_one_is_changing(journal: Journal) -> None:
    """Read, decide, promise: with two at once, one sees what the other did. Never two letters."""
    with journal.writing() as writer:
        case_id = writer.append(writer.open_case(NOON), filed(NOTICE, T.NOTICE)).id
    together = threading.Barrier(2)

    def decide() -> None:
        together.wait()
        with journal.writing() as writer:
            case = writer.case(case_id)
            assert case is not None
            if case.state is State.NOTED:
                writer.append(case, promised())

    threads = [threading.Thread(target=decide) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with journal.reading() as reader:
        assert [event.kind for event in reader.events(case_id)] == ["mail", "promised"]


def test_a_reader_s_view_stands_still(journal: Journal) -> None:
    """A case and its events are of the same moment."""
    with journal.reading() as reader:
        assert reader.cases() == []
        with journal.writing() as writer:
            writer.append(writer.open_case(NOON), filed(mail("receipt", key="<r@x.example>"), T.RECEIPT))
        assert reader.cases() == []
    with journal.reading() as reader:
        assert len(reader.cases()) == 1


def test_a_long_transaction_is_waited_for_and_then_told(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.journal.store.BUSY_TIMEOUT", 0.1)
    other = Journal(journal.url)
    waited = pytest.raises(StoreTrouble, match=r"locked by another program\. Nothing is lost")
    with journal.writing(), waited, other.writing():
        pass
    other.close()


def test_what_is_forgotten_is_gone_from_the_rows(journal: Journal) -> None:
    with journal.writing() as writer:
        case = writer.append(writer.open_case(NOON), filed(NOTICE, T.NOTICE))
        writer.forget(case)
    journal.compact()
    with journal.reading() as reader:
        assert (reader.cases(), reader.events(case.id), reader.must_wipe()) == ([], [], False)


def test_a_server_that_is_away_is_a_sentence(tmp_path: Path) -> None:
    """No traceback, no password."""
    pytest.importorskip("psycopg")
    with pytest.raises(StoreTrouble, match="does not let us in or does not answer") as told:
        Journal(f"postgresql://ana:hunter2@/x?host={tmp_path}")
    assert "hunter2" not in str(told.value)
