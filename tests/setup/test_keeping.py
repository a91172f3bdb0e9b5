"""Where a password is kept, and what shows that it is."""

import stat
import time
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring

from agent.setup import keeping
from agent.setup.keeping import NotKept, Typed, file_for, into_file, into_keyring, keyring_works
from tests.setup.keyrings import Forgetful, Mistaken, Silent, Working


@pytest.fixture
def backend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("KEYRING_FILE", str(tmp_path / "keyring.json"))
    monkeypatch.setattr(keeping, "_PATIENCE", 0.5)
    before = keyring.get_keyring()
    yield keyring.set_keyring
    keyring.set_keyring(before)


@pytest.mark.parametrize(
    ("kind", "works"),
    [(Working, True), (Forgetful, False), (Mistaken, False), (Silent, False), (NoKeyring, False)],
    ids=str,
)
def test_whether_a_keyring_works(backend, tmp_path: Path, kind: type[KeyringBackend], works: bool) -> None:
    """By writing, reading and deleting; nothing of it stays, and a silent one is not waited for."""
    backend(kind())
    begun = time.monotonic()
    assert keyring_works() is works
    assert time.monotonic() - begun < 3
    if works:
        assert (tmp_path / "keyring.json").read_text() == "{}"


def test_into_the_keyring(backend) -> None:
    backend(Working())
    assert into_keyring("home", "secret") == {"keyring": "yes"}
    assert keyring.get_password("afterword", "home") == "secret"
    backend(Forgetful())
    with pytest.raises(NotKept, match="did not take"):
        into_keyring("work", "secret")


def test_into_a_file(tmp_path: Path) -> None:
    """Readable by nobody else, at any time; what was there before is replaced whole."""
    path = file_for(tmp_path / "new/config.yaml", "my home")
    assert path == tmp_path / "new/my_home.password"
    path.parent.mkdir()
    path.write_text("old")
    path.chmod(0o644)
    assert into_file(path, "sécret") == {"file": "my_home.password"}
    assert path.read_text(encoding="utf-8") == "sécret\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["my_home.password"]


def test_a_place_that_takes_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NotKept, match="cannot be written"):
        into_file(tmp_path / "file/x", "secret")


def test_a_typed_password_is_not_shown() -> None:
    assert "secret" not in repr(Typed("secret"))
