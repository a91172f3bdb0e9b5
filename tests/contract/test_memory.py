"""The reference connector keeps the contract."""

from collections.abc import Iterator

import pytest

from tests.contract.mailbox import MailboxContract
from tests.contract.memory_world import MemoryWorld
from tests.contract.world import World


@pytest.fixture
def world() -> Iterator[World]:
    """An empty memory server."""
    yield MemoryWorld()


class TestMemory(MailboxContract):
    """Memory."""
