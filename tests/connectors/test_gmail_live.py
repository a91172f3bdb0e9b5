"""The walk through a real account works, here with a server of our own and hands that do what it asks for."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.gmail_world import GmailWorld
from tests.contract.mails import fresh_id, mail
from tests.live.walk import TEXT, Walk
from tests.servers.gmail import TOKEN, Gmail


@pytest.fixture
def world() -> Iterator[GmailWorld]:
    """A mailbox with one mail."""
    with Gmail() as server:
        one = GmailWorld(server)
        one.deliver(mail("ana@example.org", message_id=fresh_id()))
        yield one


def _walk(world: GmailWorld, *, edits: bool = True, discards: bool = True) -> tuple[bool, list[str]]:
    said: list[str] = []

    def ask(question: str) -> str:
        if question.startswith("Change") and edits:
            world.edit_draft("My words.\n", message_id="<edited@client.example>")
        if "delete it" in question and discards:
            world.discard_draft()
        return "y"

    return Walk(world.account, say=said.append, ask=ask).go(), said


def test_the_walk_ends_well(world: GmailWorld) -> None:
    """Every step is told, and of the mailbox only the deleted draft remains."""
    good, said = _walk(world)
    assert good, said
    assert sum("ok " in line for line in said) == 9
    assert world.count() == 2
    assert world.drafts() == []
    assert "ana@example.org" not in "\n".join(said)


@pytest.mark.parametrize("hands", [{"edits": False}, {"discards": False}])
def test_the_walk_says_what_failed(world: GmailWorld, hands: dict[str, bool]) -> None:
    """It can fail: without the owner's edit or deletion the step is not as it should be."""
    good, said = _walk(world, **hands)
    assert not good
    assert [line for line in said if "FAILED" in line]
    assert TEXT not in "\n".join(said)


def test_nothing_is_placed_unasked(world: GmailWorld, tmp_path: Path) -> None:
    """The command as a user runs it, answered with Enter."""
    world.server.store.labels["Jobs"] = "Label_1"
    config = tmp_path / "config.yaml"
    config.write_text(
        "version: 1\nme: {name: Ana}\naccounts:\n  - name: home\n    connector: gmail\n    address: ana@example.org\n"
        f"    endpoint: {world.server.url}\n    token: {{command: [printf, {TOKEN}]}}\n"
        "    folders: {watch: [INBOX, Jobs]}\n"
    )
    command = [sys.executable, "-m", "tests.live", "gmail", "--config", str(config)]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, check=False, input="\n", capture_output=True, text=True, cwd=root)
    assert (done.returncode, done.stderr) == (0, "")
    assert "All was as it should be." in done.stdout
    assert world.drafts() == []
    assert {label for each in world.server.asked for label in each.query.get("labelIds", [])} == {
        *("INBOX", "SENT", "Label_1")
    }
