"""The tables. ``event`` only grows; ``snapshot`` and ``reference`` are made from it and can be made again."""

from sqlalchemy import Column, DateTime, ForeignKey, Index, Integer, MetaData, String, Table, Text

metadata = MetaData()

meta = Table(
    "meta",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", Text, nullable=False),
)

event = Table(
    "event",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("case_id", String(12), nullable=False, index=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("body", Text, nullable=False),
    sqlite_autoincrement=True,  # an id is never used twice, so "newer than id" stays true after `forget`
)

case = Table(
    "snapshot",
    metadata,
    Column("case_id", String(12), primary_key=True),
    Column("account", String(200), nullable=False),
    Column("state", String(30), nullable=False, index=True),
    Column("last_event", Integer, nullable=False),
    Column("body", Text, nullable=False),
)

reference = Table(
    "reference",
    metadata,
    Column("name", String(1000), primary_key=True),
    Column("case_id", String(12), ForeignKey("snapshot.case_id", ondelete="CASCADE"), primary_key=True),
    Index("reference_case", "case_id"),
)
"""Where a message belongs: ``id:<...>`` for Message-IDs, ``thread:ACCOUNT:...``, ``key:...``."""

seen = Table("seen", metadata, Column("digest", String(64), primary_key=True))
"""Keyed hashes of the messages already judged; nothing can be read from them."""

account = Table(
    "account",
    metadata,
    Column("name", String(200), primary_key=True),
    Column("cursor", Text),
    Column("first_turn", DateTime(timezone=True)),
    Column("last_turn", DateTime(timezone=True)),
    Column("trouble", Text),
    Column("trouble_since", DateTime(timezone=True)),
    Column("set_aside", Integer, nullable=False, server_default="0"),
    Column("past_cursor", Text),
    Column("past_since", DateTime(timezone=True)),
    Column("told_ending", DateTime(timezone=True)),
)
