"""A Maildir++ tree on disk keeps the contract."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.mailbox import MailboxContract
from tests.contract.maildir_world import MaildirWorld
from tests.contract.world import World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """An empty Maildir."""
    yield MaildirWorld(tmp_path / "Mail")


class TestMaildir(MailboxContract):
    """Maildir."""
