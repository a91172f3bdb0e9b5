"""Where secrets come from, and that they never show in what the user is told."""

import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from connectors import secrets
from connectors.account import Account
from connectors.port import Refused
from connectors.secrets import FromCommand, FromCredential, FromFile, FromKeyring, Secret


def refusal(secret: Secret) -> str:
    with pytest.raises(Refused) as caught:
        secret.reveal()
    return str(caught.value)


def test_a_program_gives_the_first_line_it_prints() -> None:
    """The rest of its output, and the line's end in either form, are no part of the secret."""
    for ending in ("\\n", "\\r\\n", ""):
        assert FromCommand(("printf", f"geheim ß{ending}user: ana\\n" if ending else "geheim ß")).reveal() == "geheim ß"


def test_no_shell_stands_between(tmp_path: Path) -> None:
    """What a shell would obey is a plain argument."""
    assert FromCommand(("echo", f"$(touch {tmp_path}/x); `id` && > {tmp_path}/y")).reveal().startswith("$(touch")
    assert list(tmp_path.iterdir()) == []


def test_a_program_cannot_ask_on_the_terminal() -> None:
    """Its standard input is empty, so `cat` ends at once with nothing."""
    assert "gave nothing" in refusal(FromCommand(("cat",)))


def test_a_failing_program_is_named_without_what_it_said() -> None:
    """Its output may hold the secret."""
    sentence = refusal(FromCommand(("sh", "-c", "echo hunter2; echo hunter3 >&2; exit 3")))
    assert "`sh` failed" in sentence
    assert "hunter" not in sentence


def test_a_program_that_is_not_there_is_named() -> None:
    """Not installed, or not a program at all."""
    assert "`no-such-program-here` is not installed" in refusal(FromCommand(("no-such-program-here",)))
    assert "failed" in refusal(FromCommand(("/etc/passwd",)))


def test_a_program_that_waits_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """A locked agent that waits for a PIN must not hold the account for ever."""
    monkeypatch.setattr(secrets, "COMMAND_TIMEOUT", 0.3)
    begun = time.monotonic()
    assert "no answer within" in refusal(FromCommand(("sleep", "30")))
    assert time.monotonic() - begun < 5


def test_bytes_that_are_no_text_are_refused() -> None:
    """A key file instead of a password is told as such, not sent to the server."""
    assert "not UTF-8 text" in refusal(FromCommand(("printf", "\\377\\376")))


def test_a_file_gives_its_first_line(tmp_path: Path) -> None:
    """For the user alone to read."""
    file = tmp_path / "pw"
    file.write_bytes(b"s3cret\r\nnotes\n")
    file.chmod(0o600)
    assert FromFile(file).reveal() == "s3cret"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_file_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    """The sentence is the command that puts it right."""
    file = tmp_path / "pw"
    file.write_text("s3cret\n")
    file.chmod(mode)
    sentence = refusal(FromFile(file))
    assert sentence.endswith(f"run: chmod 600 {file}")
    assert "s3cret" not in sentence


def test_a_link_or_a_missing_or_an_empty_file_is_refused(tmp_path: Path) -> None:
    """A link could be turned to another's file between the check and the reading."""
    (tmp_path / "real").write_text("s3cret\n")
    (tmp_path / "real").chmod(0o600)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    (tmp_path / "empty").touch(0o600)
    assert "cannot be read" in refusal(FromFile(tmp_path / "link"))
    assert "No such file" in refusal(FromFile(tmp_path / "none"))
    assert "gave nothing" in refusal(FromFile(tmp_path / "empty"))


def test_a_systemd_credential_is_a_file_of_the_unit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Found below CREDENTIALS_DIRECTORY; without it the service is not running under systemd."""
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    assert "no systemd credentials here" in refusal(FromCredential("mail"))
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert "check LoadCredential=" in refusal(FromCredential("mail"))
    (tmp_path / "mail").write_text("s3cret\n")
    assert FromCredential("mail").reveal() == "s3cret"


_KEYRING = textwrap.dedent(
    """
    import sys
    from connectors.port import Refused
    from connectors.secrets import FromKeyring
    try:
        print(FromKeyring(sys.argv[1]).reveal())
    except Refused as refused:
        print("refused:", refused)
    """
)


def in_keyring(entry: str, tmp_path: Path, backend: str) -> str:
    """Ask a keyring of our own making in another process: the backend is chosen when the library is loaded."""
    (tmp_path / "ourring.py").write_text(
        textwrap.dedent(
            """
            from keyring.backend import KeyringBackend
            from keyring.errors import KeyringLocked

            class Open(KeyringBackend):
                priority = 9
                def get_password(self, service, username):
                    return {("afterword", "home"): "s3cret"}.get((service, username))
                def set_password(self, service, username, password): ...
                def delete_password(self, service, username): ...

            class Locked(Open):
                def get_password(self, service, username):
                    raise KeyringLocked("no prompt here")
            """
        )
    )
    environment = {**os.environ, "PYTHON_KEYRING_BACKEND": backend, "PYTHONPATH": f"{tmp_path}{os.pathsep}{Path.cwd()}"}
    done = subprocess.run(
        [sys.executable, "-c", _KEYRING, entry], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_the_keyring_is_asked_for_the_accounts_entry(tmp_path: Path) -> None:
    """Service `afterword`, entry as configured; an unknown entry names the command that stores it."""
    assert in_keyring("home", tmp_path, "ourring.Open") == "s3cret"
    assert "keyring set afterword work" in in_keyring("work", tmp_path, "ourring.Open")


def test_a_keyring_that_is_locked_or_not_there_is_refused(tmp_path: Path) -> None:
    """A service that starts at boot finds the keyring locked; a server has none."""
    assert in_keyring("home", tmp_path, "ourring.Locked").startswith("refused: the keyring is locked or missing")
    assert in_keyring("home", tmp_path, "keyring.backends.fail.Keyring").startswith("refused: the keyring is locked")


def test_the_secret_is_no_part_of_its_source() -> None:
    """Printing an account for a log or a crash shows where the password comes from, not what it is."""
    account = Account(name="a", connector="imap", addresses=("a@b.test",), password=FromCommand(("echo", "pw")))
    assert account.password is not None
    assert account.password.reveal() == "pw"
    assert repr(FromKeyring("a")) == "FromKeyring(entry='a')"
