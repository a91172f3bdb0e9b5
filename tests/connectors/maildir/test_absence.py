"""Trees and folders that are not there."""

from pathlib import Path

import pytest

from connectors.maildir import open_mailbox
from connectors.port import Refused, Unavailable
from tests.connectors.maildir import account_at
from tests.contract.maildir_world import MaildirWorld


def test_no_folder_there(tmp_path: Path) -> None:
    """A path that leads nowhere, or to the bare mount point of a disk, is waited for."""
    (tmp_path / "mountpoint").mkdir()
    for path in (tmp_path / "nowhere", tmp_path / "mountpoint", tmp_path / "nowhere" / "deep"):
        with pytest.raises(Unavailable) as failure, open_mailbox(account_at(path)):
            pass
        assert "correct `path:`" in str(failure.value)
        assert str(path) not in str(failure.value)


def test_no_maildir_there(tmp_path: Path) -> None:
    """A folder of other things is a mistake that waiting does not mend."""
    (tmp_path / "letters.txt").write_text("not mail")
    with pytest.raises(Refused, match="no Maildir"), open_mailbox(account_at(tmp_path)):
        pass


def test_a_watched_folder_that_is_not_there(world: MaildirWorld) -> None:
    """A folder name with a slip is named in the sentence."""
    with (
        pytest.raises(Refused, match="no folder 'Jnuk'"),
        open_mailbox(account_at(world.path, watch=("INBOX", "Jnuk"))),
    ):
        pass
