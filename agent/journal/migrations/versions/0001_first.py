"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "meta",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    op.create_table(
        "event",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("case_id", sa.String(12), nullable=False, index=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "snapshot",
        sa.Column("case_id", sa.String(12), primary_key=True),
        sa.Column("account", sa.String(200), nullable=False),
        sa.Column("state", sa.String(30), nullable=False, index=True),
        sa.Column("last_event", sa.Integer, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_table(
        "reference",
        sa.Column("name", sa.String(1000), primary_key=True),
        sa.Column("case_id", sa.String(12), sa.ForeignKey("snapshot.case_id", ondelete="CASCADE"), primary_key=True),
    )
    op.create_index("reference_case", "reference", ["case_id"])
    op.create_table("seen", sa.Column("digest", sa.String(64), primary_key=True))
    op.create_table(
        "account",
        sa.Column("name", sa.String(200), primary_key=True),
        sa.Column("cursor", sa.Text),
        sa.Column("first_turn", sa.DateTime(timezone=True)),
        sa.Column("last_turn", sa.DateTime(timezone=True)),
        sa.Column("trouble", sa.Text),
        sa.Column("trouble_since", sa.DateTime(timezone=True)),
        sa.Column("set_aside", sa.Integer, nullable=False, server_default="0"),
        sa.Column("past_cursor", sa.Text),
        sa.Column("past_since", sa.DateTime(timezone=True)),
    )


def downgrade() -> None:
    for table in ("account", "seen", "reference", "snapshot", "event", "meta"):
        op.drop_table(table)
