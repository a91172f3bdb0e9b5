"""The report for strangers: private words are planted wherever one can stand, and none of them comes out."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.cli.failures import ending
from agent.doctor import Finding, State
from agent.doctor.report import report
from agent.places import crash_file
from tests.cli.conftest import Home
from tests.cli.happened import drafted

SECRETS = (
    "zacharias", "quibble", "wintergreen", "hollyhock", "marmalade", "periwinkle", "snapdragon", "rhubarb",
    "gooseberry", "bergamot", "celandine", "foxglove",
)  # fmt: skip
"""A user, a server, an employer, folders, a file, an account: each word stands for something that nobody may see."""

CONFIG = """\
me: {name: Zacharias Quibble, signature: "Z. Quibble"}
accounts:
  - {name: marmalade, connector: imap, address: zacharias@hollyhock.example, addresses: [quibble@hollyhock.example],
     host: 127.0.0.1, port: 9, username: zacharias, password: {file: periwinkle.txt},
     folders: {watch: [INBOX, snapdragon], drafts: rhubarb}}
  - {name: rhubarb, connector: imap, address: zacharias@hollyhock.example, host: hollyhock.invalid,
     password: {command: [gooseberry, zacharias]}}
  - {name: foxglove, connector: maildir, address: zacharias@hollyhock.example, path: ~/snapdragon}
alerts: [{command: [bergamot]}]
policy: [{when: {employer: "Wintergreen*"}, then: ignore}, {when: {employer: "Wintergreen*"}, then: note}]
"""


@pytest.fixture
def zacharias(home: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home whose very path bears the user's name, with a case, a crash and a good deal of trouble in it."""
    folder = home.folder / "zacharias"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    home = replace(home, folder=folder)
    home.configure(CONFIG)
    secret = home.config.parent / "periwinkle.txt"
    secret.write_text("celandine\n")
    secret.chmod(0o600)
    home.happened(
        *drafted(2, employer="Wintergreen", subject="Wintergreen and you", sender="quibble@hollyhock.example")
    )
    return home


def crash() -> None:
    raise KeyError("celandine")


def test_nothing_private_comes_out(zacharias: Home) -> None:
    """Neither by what is wrong, nor by the settings, the store, the crash file or a path."""
    assert ending(crash, verbose=False) == 1
    foreign = '  File "/home/zacharias/agent/rhubarb.py", line 3, in foxglove\n    celandine = wintergreen\n'
    crash_file().write_text(crash_file().read_text() + foreign)
    path = zacharias.folder / "out.txt"
    ended = zacharias.run("doctor", "--report", str(path))
    assert ended.code == 78
    assert sum(word in ended.out.casefold() for word in SECRETS) > 5  # the user's own terminal does name them
    told = path.read_text()
    assert [word for word in SECRETS if word in told.casefold()] == []
    assert str(zacharias.folder) not in told
    assert "127.0.0.1" not in told
    assert "@" not in told
    assert path.stat().st_mode & 0o777 == 0o600


def test_what_it_is_good_for(zacharias: Home) -> None:
    """Versions, the shape of the configuration, every finding with the place in our code, the crash."""
    assert ending(crash, verbose=False) == 1
    path = zacharias.folder / "out.txt"
    zacharias.run("doctor", "--report", str(path))
    told = path.read_text()
    for word in (
        "Python 3.",
        "account 1: imap",
        "secret FromFile",
        "fail server of account 1: Unavailable at connectors/imap/signing_in.py:",
        "ConnectionRefusedError",
        "fail secret of account 2: Refused at connectors/secrets.py:",
        "cases 1, events 3",
        "crash: KeyError",
    ):
        assert word in told, told


def test_a_crash_file_of_any_kind(home: Home) -> None:
    """Whatever stands in it, only frames of our own files are put together anew."""
    crash_file().parent.mkdir(parents=True)
    own = Path(__file__).parents[2] / "agent/turn/reading.py"
    crash_file().write_text(
        f'zacharias@x\n  File "{own}", line 7, in read\n    quibble()\n  File "/x/y.py", line 1, in z\n'
    )
    told = report([], None, datetime.now(UTC))
    assert "crash: of a kind that cannot be read\n  agent/turn/reading.py:7 in read\n  (a library)\n" in told
    assert "quibble" not in told
    crash_file().write_bytes(b"\xff\x00" * 1000)
    assert "of a kind that cannot be read" in report([], None, datetime.now(UTC))


def test_sentences_are_left_out() -> None:
    """They are written for the user; what strangers see are the facts beside them."""
    found = Finding(
        name="server", state=State.FAIL, sentence="hollyhock is down", todo="ask zacharias", facts=("Lost",)
    )
    told = report([found], None, datetime.now(UTC))
    assert "fail server: Lost" in told
    assert not any(word in told for word in SECRETS)
