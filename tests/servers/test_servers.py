"""The servers of the tests are what they say, and their absence does not pass unseen."""

import socket
import subprocess

import pytest

from tests.servers import Port, dovecot
from tests.servers.dovecot import Dovecot


@pytest.mark.parametrize(
    ("environment", "outcome"),
    [
        ({}, pytest.fail.Exception),
        ({"AFTERWORD_WITHOUT_DOVECOT": "1"}, pytest.skip.Exception),
        ({"AFTERWORD_WITHOUT_DOVECOT": "1", "CI": "true"}, pytest.fail.Exception),
    ],
)
def test_a_missing_dovecot_is_a_failure(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], outcome: type[BaseException]
) -> None:
    """Without Dovecot the tests fail; they are skipped only where somebody said so, and never in CI."""
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.delenv("AFTERWORD_WITHOUT_DOVECOT", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(dovecot, "find_program", lambda _: None)
    with pytest.raises(outcome, match="Dovecot is not installed"), Dovecot():
        pass


def test_a_port_stays_with_its_server() -> None:
    """While a server is down nobody else gets its port: two servers of two test processes never meet."""
    kept = Port()
    with socket.socket() as other, pytest.raises(OSError, match="in use"):
        other.bind(("127.0.0.1", kept.number))
    with socket.create_server(("127.0.0.1", kept.number)):
        pass
    kept.release()


def test_nothing_is_left_behind() -> None:
    """Leaving ends every process of the server and removes its files."""
    with Dovecot() as server:
        home = server.home
        assert home.name in subprocess.run(["ps", "ax"], check=True, capture_output=True, text=True).stdout
    assert not home.exists()
    left = subprocess.run(["ps", "ax", "-o", "stat,args"], check=True, capture_output=True, text=True).stdout
    assert not [line for line in left.splitlines() if home.name in line and not line.startswith("Z")]
