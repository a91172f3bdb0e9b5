"""Alembic runs this; the connection comes from ``agent.journal.store``."""

from alembic import context

from agent.journal.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
