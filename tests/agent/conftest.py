"""What the tests of the agent share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.agent.stage import Stage


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """Ana's mailbox, and a store of its own."""
    stage = Stage(tmp_path)
    yield stage
    stage.journal.close()
