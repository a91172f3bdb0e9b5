"""A store that an older Afterword wrote, a newer one, or another program."""

import shutil
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text

from agent.case import Fate, State
from agent.journal import Journal, StoreTrouble
from agent.journal import upgrade as upgrading
from agent.journal.store import open_engine
from agent.journal.upgrade import bring_up_to_date

STORES = Path(__file__).parent / "stores"
FIRST = STORES / "0001.sql"
"""What the program that knew only the first form had written, after a story of three applications."""

NEXT = '''
"""A form of days to come: a table is made anew, which SQLite does by dropping the old one."""
import sqlalchemy as sa
from alembic import op
revision, down_revision = "{revision}", "{before}"
def upgrade():
    with op.batch_alter_table("snapshot", recreate="always") as table:
        table.add_column(sa.Column("c{revision}", sa.Text))
'''


def restored(dump: Path, folder: Path) -> Path:
    """The database as it was."""
    path = folder / "afterword.db"
    with sqlite3.connect(path) as connection:
        connection.executescript(dump.read_text())
    connection.close()
    path.chmod(0o600)
    return path


def content(path: Path) -> list[str]:
    connection = sqlite3.connect(path)
    try:
        return list(connection.iterdump())
    finally:
        connection.close()


def later(folder: Path, *revisions: str) -> Path:
    """The migrations there are, and others after them."""
    target = folder / "migrations"
    shutil.copytree(upgrading.MIGRATIONS, target, ignore=shutil.ignore_patterns("__pycache__"))
    before = max(path.name[:4] for path in (target / "versions").glob("0*.py"))
    for revision in revisions:
        (target / f"versions/{revision}_later.py").write_text(NEXT.format(revision=revision, before=before))
        before = revision
    return target


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return restored(FIRST, tmp_path)


def test_every_form_has_a_store_to_be_tried_with() -> None:
    """But the newest, which all other tests write."""
    forms = sorted(path.name[:4] for path in (upgrading.MIGRATIONS / "versions").glob("0*.py"))
    assert [path.stem for path in sorted(STORES.glob("*.sql"))] == forms[:-1]


@pytest.mark.parametrize("dump", sorted(STORES.glob("*.sql")), ids=lambda dump: dump.stem)
def test_an_old_store_is_read_and_goes_on(dump: Path, tmp_path: Path) -> None:
    """Its cases stand as they stood, and as their events tell them today; what was judged stays known."""
    journal = Journal(f"sqlite:///{restored(dump, tmp_path)}")
    with journal.writing() as writer:
        cases = writer.cases()
        assert [(case.employer, case.state) for case in cases] == [
            ("Acme", State.CLOSED),
            ("Globex", State.REQUEST_DRAFTED),
            ("Initech", State.INTERVIEWED),
        ]
        assert [letter.fate for letter in cases[0].letters] == [Fate.SENT, Fate.SENT]
        assert [writer.replayed(case.id) for case in cases] == cases
        assert writer.by_reference(["id:<minted@example.org>"]) == [cases[0]]
        assert writer.knows("<lunch@example.net>")
        assert writer.rebuild() == 3
        assert writer.cases() == cases
    journal.close()


def test_a_copy_is_made_first(store: Path) -> None:
    """As it was, whole, readable by the user alone; one, however often the store is opened afterwards."""
    before = content(store)
    for _ in range(2):
        Journal(f"sqlite:///{store}").close()
    [copy] = upgrading.copies(store)
    assert copy.name == "afterword.db.0001.backup"
    assert content(copy) == before
    assert copy.stat().st_mode & 0o777 == 0o600
    assert content(store) != before


def test_the_copy_can_be_put_back(store: Path) -> None:
    """The way back to the older program."""
    before = content(store)
    Journal(f"sqlite:///{store}").close()
    [copy] = upgrading.copies(store)
    for path in store.parent.glob("afterword.db-*"):
        path.unlink()
    copy.replace(store)
    assert content(store) == before
    Journal(f"sqlite:///{store}").close()
    assert len(upgrading.copies(store)) == 1


def test_a_new_store_has_nothing_to_copy(tmp_path: Path) -> None:
    Journal(f"sqlite:///{tmp_path}/new.db").close()
    assert upgrading.copies(tmp_path / "new.db") == []


def test_the_last_three_copies_are_kept(store: Path, tmp_path: Path) -> None:
    """And a table that is made anew takes nothing with it of what refers to it."""
    engine = open_engine(f"sqlite:///{store}")
    with engine.connect() as connection:
        references = connection.scalar(text("SELECT count(*) FROM reference"))
    revisions = ["0091", "0092", "0093", "0094"]
    for known in range(1, len(revisions) + 1):
        bring_up_to_date(engine, later(tmp_path / str(known), *revisions[:known]))
    assert [path.name[13:17] for path in upgrading.copies(store)] == ["0091", "0092", "0093"]
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM reference")) == references > 5
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1
    engine.dispose()


def test_an_upgrade_that_fails_leaves_the_store_as_it_was(store: Path, tmp_path: Path) -> None:
    """All of it or nothing, in the middle of the second step too."""
    engine = open_engine(f"sqlite:///{store}")
    before = content(store)
    broken = later(tmp_path / "broken", "0091", "0092")
    second = broken / "versions/0092_later.py"
    second.write_text(second.read_text() + "    op.execute('SELECT nonsense')\n")
    with pytest.raises(Exception, match="nonsense"):
        bring_up_to_date(engine, broken)
    engine.dispose()
    assert content(store) == before


def test_a_newer_store_is_left_alone(store: Path, tmp_path: Path) -> None:
    """What it is, what to do, and where the copy lies; nothing is touched."""
    engine = open_engine(f"sqlite:///{store}")
    bring_up_to_date(engine, later(tmp_path / "later", "0091"))
    engine.dispose()
    before = content(store)
    copies = upgrading.copies(store)
    with pytest.raises(StoreTrouble) as told:
        Journal(f"sqlite:///{store}")
    sentence = str(told.value)
    assert "was written by a newer Afterword (form 0091; this one knows up to 0002)" in sentence
    assert "Nothing was changed. Install the newer one again, or put back the copy" in sentence
    assert str(copies[-1]) in sentence
    assert content(store) == before
    for copy in copies:
        copy.unlink()
    with pytest.raises(StoreTrouble, match="or go back to a backup of yours"):
        Journal(f"sqlite:///{store}")


def test_another_program_s_database_is_left_alone(tmp_path: Path) -> None:
    """A slip in `store:` must not put our tables into it."""
    path = tmp_path / "places.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE bookmark (id INTEGER)")
    connection.close()
    with pytest.raises(StoreTrouble, match="holds another program's tables"):
        Journal(f"sqlite:///{path}")
    assert len(content(path)) == 3


def test_what_is_forgotten_is_gone_from_the_copies(store: Path) -> None:
    """They hold its words too."""
    journal = Journal(f"sqlite:///{store}")
    assert len(upgrading.copies(store)) == 1
    with journal.writing() as writer:
        writer.forget(writer.cases()[0])
    journal.compact()
    journal.close()
    assert upgrading.copies(store) == []
    assert b"trade-offs" not in b"".join(path.read_bytes() for path in store.parent.iterdir())


def test_no_room_for_the_copy_no_upgrade(store: Path) -> None:
    """A sentence, and the store as it was."""
    before = content(store)
    (store.parent / "afterword.db.0001.backup.part").mkdir()
    with pytest.raises(StoreTrouble):
        Journal(f"sqlite:///{store}")
    assert content(store) == before
