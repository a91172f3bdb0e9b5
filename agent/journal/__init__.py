"""The journal: append-only events, cursors, snapshots. Touches one database."""

from agent.journal.journal import AccountRecord, Journal, Reader, Writer
from agent.journal.store import StoreTrouble

__all__ = ["AccountRecord", "Journal", "Reader", "StoreTrouble", "Writer"]
