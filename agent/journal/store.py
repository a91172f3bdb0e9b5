"""Opening the database: SQLite by default, PostgreSQL by URL; schema by Alembic; failures as sentences."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from agent.journal.upgrade import OtherForm, bring_up_to_date

BUSY_TIMEOUT = 5.0
"""Seconds to wait for another command's transaction before giving up."""


_LOCK = 0x41667465
"""The advisory lock of whoever writes to a PostgreSQL store; any number of our own will do."""


class StoreTrouble(Exception):
    """The store cannot be read or written now. Its text says what to do; nothing was changed."""


@contextmanager
def explained(url: str) -> Iterator[None]:
    """Turn the database's own errors into ``StoreTrouble``. Statements and values never reach the text."""
    try:
        yield
    except ModuleNotFoundError as missing:
        raise StoreTrouble(
            f"A store on a PostgreSQL server needs the library {missing.name}, which is not installed. "
            "With pipx: pipx inject afterword 'psycopg[binary]'"
        ) from None
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
        sqlite = parsed.get_backend_name() == "sqlite"
        engine = _sqlite(parsed) if sqlite else _postgresql(parsed)
        bring_up_to_date(engine)
        return engine


def _sqlite(url: URL) -> Engine:
    if url.database not in (None, "", ":memory:"):
        Path(str(url.database)).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    waiting = {"timeout": BUSY_TIMEOUT, "isolation_level": None}
    engine = create_engine(url, hide_parameters=True, connect_args=waiting)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _postgresql(url: URL) -> Engine:
    if url.drivername == "postgresql":  # which driver that means differs between SQLAlchemy 2.0 and 2.1
        url = url.set(drivername="postgresql+psycopg")
    waiting = {"connect_timeout": int(BUSY_TIMEOUT)}
    engine = create_engine(url, hide_parameters=True, connect_args=waiting, pool_pre_ping=True)
    event.listen(engine, "begin", _one_writer)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # FULL: a promise must be on disk before the deed, also when the power goes. secure_delete: forgotten is gone.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: Connection) -> None:
    # A deferred transaction that reads first and writes later fails at once when another one wrote in between.
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _one_writer(connection: Connection) -> None:
    """What SQLite does by itself: one writer at a time, and readers with a view that stands still. Else two turns could
    both read a case, and both promise its letter."""
    if connection.get_execution_options().get("reading", False):
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    else:
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {int(BUSY_TIMEOUT * 1000)}")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")


def _sentence(url: str, cause: str) -> str:
    place = make_url(url).database or "the database"
    text = cause.casefold()
    if "locked" in text or "busy" in text or "lock timeout" in text:
        return f"The store {place} is locked by another program. Nothing is lost; trying again."
    if "full" in text:
        return f"The disk with the store {place} is full. Nothing is lost; free some space and it goes on."
    if "readonly" in text or "permission" in text or "unable to open" in text:
        return f"The store {place} cannot be written. Check who owns the file and its folder."
    if "malformed" in text or "not a database" in text:
        return f"The store {place} is damaged. Move it away, or put back a copy, and start again."
    if "connect" in text:
        return (
            f"The server with the store {place} does not let us in or does not answer. Nothing is lost; trying again."
        )
    return f"The store {place} does not work now ({cause[:120]})."
