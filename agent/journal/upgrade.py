"""Bringing a store to the form that this program knows, with a copy of it first."""

import contextlib
import os
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect

MIGRATIONS = Path(__file__).parent / "migrations"

KEPT = 3
"""Copies, of the last so many upgrades."""

_PRIVATE = 0o077
"""The umask: the store holds other people's words, readable by the user alone."""


class OtherForm(Exception):
    """The store has a form that this program does not know; nothing was changed. Its text says what can be done."""


def bring_up_to_date(engine: Engine, migrations: Path = MIGRATIONS) -> None:
    """Make the tables, or change those of an older program, in one transaction. Raises ``OtherForm``."""
    config = Config()
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    known = _revisions(config)
    with _private(), _connected(engine) as connection, connection.begin():
        current = MigrationContext.configure(connection).get_current_revision()
        if current == known[-1]:
            return
        place = _file(engine)
        if current is None:
            _refuse_others_tables(connection, place)
        elif current not in known:
            raise OtherForm(_newer(place, current, known))
        elif place is not None:
            _copy(place, current)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def copies(database: Path) -> list[Path]:
    """The copies that upgrades have left beside that database, oldest first."""
    return sorted(path for path in database.parent.glob(f"{_escaped(database.name)}.*.backup") if path.is_file())


def remove_copies(engine: Engine) -> None:
    """Delete every copy that upgrades have left of this store."""
    for path in copies(place) if (place := _file(engine)) else []:
        path.unlink(missing_ok=True)


def _revisions(config: Config) -> Sequence[str]:
    """Every form there was, the oldest first."""
    return [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()][::-1]


def _copy(database: Path, revision: str) -> None:
    """A copy of the last committed state; the transaction that is open holds all other writers off meanwhile."""
    target = database.with_name(f"{database.name}.{revision}.backup")
    half = target.with_name(target.name + ".part")
    half.unlink(missing_ok=True)
    with contextlib.closing(sqlite3.connect(database)) as source, contextlib.closing(sqlite3.connect(half)) as copy:
        source.backup(copy)
    half.replace(target)
    for old in copies(database)[:-KEPT]:
        old.unlink(missing_ok=True)


def _refuse_others_tables(connection: Connection, place: Path | None) -> None:
    if inspect(connection).get_table_names():
        name = place or "The database"
        raise OtherForm(
            f"{name} holds another program's tables. Name a file or database for Afterword alone in `store`."
        )


def _newer(place: Path | None, current: str, known: Sequence[str]) -> str:
    back = [copy for copy in copies(place) if copy.name.split(".")[-2] in known] if place else []
    way_back = (
        f", or put back the copy from before the upgrade, {back[-1]} (what happened since then is not in it)"
        if back
        else ", or go back to a backup of yours"
    )
    return (
        f"{place or 'The database'} was written by a newer Afterword "
        f"(form {current}; this one knows up to {known[-1]}). "
        f"Nothing was changed. Install the newer one again{way_back}."
    )


def _file(engine: Engine) -> Path | None:
    """The database's file; None in memory and on a server."""
    database = engine.url.database
    is_file = engine.dialect.name == "sqlite" and database not in (None, "", ":memory:")
    return Path(str(database)) if is_file else None


def _escaped(name: str) -> str:
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in name)


@contextlib.contextmanager
def _private() -> Iterator[None]:
    before = os.umask(_PRIVATE)
    try:
        yield
    finally:
        os.umask(before)


@contextlib.contextmanager
def _connected(engine: Engine) -> Iterator[Connection]:
    """A connection that enforces no foreign keys: SQLite changes a table by making it anew and dropping the old one,
    which would delete whatever refers to it (https://sqlite.org/lang_altertable.html, section 7)."""
    with engine.connect() as connection:
        _enforce(connection, foreign_keys=False)
        try:
            yield connection
        finally:
            _enforce(connection, foreign_keys=True)


def _enforce(connection: Connection, *, foreign_keys: bool) -> None:
    """Outside a transaction: within one SQLite passes over it."""
    if connection.dialect.name == "sqlite" and (driver := connection.connection.driver_connection) is not None:
        driver.execute(f"PRAGMA foreign_keys={'ON' if foreign_keys else 'OFF'}")
