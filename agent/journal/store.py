"""Opening the database: SQLite by default, PostgreSQL by URL; schema by Alembic; failures as sentences."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from agent.journal.upgrade import OtherForm, bring_up_to_date

BUSY_TIMEOUT = 5.0
"""Seconds to wait for another command's transaction before giving up."""


class StoreTrouble(Exception):
    """The store cannot be read or written now. Its text says what to do; nothing was changed."""


@contextmanager
def explained(url: str) -> Iterator[None]:
    """Turn the database's own errors into ``StoreTrouble``. Statements and values never reach the text."""
    try:
        yield
    except OtherForm as told:
        raise StoreTrouble(str(told)) from None
    except DBAPIError as failed:
        raise StoreTrouble(_sentence(url, str(failed.orig))) from None
    except sqlite3.Error as failed:  # from the copy that is made before an upgrade
        raise StoreTrouble(_sentence(url, str(failed))) from None
    except (SQLAlchemyError, OSError) as failed:
        raise StoreTrouble(_sentence(url, type(failed).__name__)) from None


def open_engine(url: str) -> Engine:
    """An engine whose transactions are serialised, with the schema brought up to date. Raises ``StoreTrouble``."""
    with explained(url):
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite" and parsed.database not in (None, "", ":memory:"):
            _make_private_folder(Path(str(parsed.database)).parent)
        engine = create_engine(parsed, hide_parameters=True, connect_args=_connect_args(parsed.get_backend_name()))
        if parsed.get_backend_name() == "sqlite":
            event.listen(engine, "connect", _prepare_sqlite)
            event.listen(engine, "begin", _begin_immediate)
        bring_up_to_date(engine)
        return engine


def _make_private_folder(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)


def _connect_args(backend: str) -> dict[str, Any]:
    return {"timeout": BUSY_TIMEOUT, "isolation_level": None} if backend == "sqlite" else {}


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # FULL: a promise must be on disk before the deed, also when the power goes. secure_delete: forgotten is gone.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: Connection) -> None:
    # A deferred transaction that reads first and writes later fails at once when another one wrote in between.
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _sentence(url: str, cause: str) -> str:
    place = make_url(url).database or "the database"
    text = cause.casefold()
    if "locked" in text or "busy" in text:
        return f"The store {place} is locked by another program. Nothing is lost; trying again."
    if "full" in text:
        return f"The disk with the store {place} is full. Nothing is lost; free some space and it goes on."
    if "readonly" in text or "permission" in text or "unable to open" in text:
        return f"The store {place} cannot be written. Check who owns the file and its folder."
    if "malformed" in text or "not a database" in text:
        return f"The store {place} is damaged. Move it away, or put back a copy, and start again."
    return f"The store {place} does not work now ({cause[:120]})."
