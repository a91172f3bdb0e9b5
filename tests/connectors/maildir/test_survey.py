"""Which folders a tree of Maildirs has, in both layouts."""

from pathlib import Path

import pytest

from connectors import survey
from connectors.account import Account
from connectors.port import Unavailable


def tree(root: Path, *folders: str) -> Account:
    for folder in folders:
        for part in ("cur", "new", "tmp"):
            (root / folder / part).mkdir(parents=True)
    return Account(name="home", connector="maildir", addresses=("ana@example.org",), path=root)


@pytest.mark.parametrize(
    "folders",
    [
        ("", ".Entw&APw-rfe", ".Sent", ".Junk", ".Jobs.Acme", ".broken&"),
        ("INBOX", "Entw&APw-rfe", "Sent", "Junk", "Jobs/Acme", "broken&"),
    ],
)
def test_what_is_what(tmp_path: Path, folders: tuple[str, ...]) -> None:
    """Names as people see them; what cannot be named again is left out."""
    found = survey(tree(tmp_path, *folders))
    assert found is not None
    assert (found.drafts, found.sent, found.junk) == ("Entwürfe", "Sent", "Junk")
    assert {"INBOX", "Entwürfe", "Sent", "Junk", "Jobs/Acme"} <= set(found.folders)
    assert [each for each in found.folders if each.startswith("INBOX")] == ["INBOX"]


def test_an_inbox_alone(tmp_path: Path) -> None:
    found = survey(tree(tmp_path, ""))
    assert found is not None
    assert (found.folders, found.drafts, found.sent, found.junk) == (("INBOX",), None, None, None)


def test_nothing_there(tmp_path: Path) -> None:
    """It fails as opening the mailbox does."""
    with pytest.raises(Unavailable, match="is not there"):
        survey(tree(tmp_path / "none"))
