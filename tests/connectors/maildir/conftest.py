"""A tree for each test."""

from pathlib import Path

import pytest

from tests.contract.maildir_world import MaildirWorld


@pytest.fixture
def world(tmp_path: Path) -> MaildirWorld:
    """An empty Maildir++ tree."""
    return MaildirWorld(tmp_path / "Mail")
