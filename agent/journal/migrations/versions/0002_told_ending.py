"""Which end of a sign-in the user was told of."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("account", sa.Column("told_ending", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("account", "told_ending")
