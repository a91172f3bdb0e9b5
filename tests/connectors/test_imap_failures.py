"""What a server says, made fit for the user's eyes."""

import time

import pytest

from connectors.imap.failures import SaysNo, presentable


@pytest.mark.parametrize(
    ("said", "code", "shown"),
    [
        ("append failed: [NOPERM] Permission denied (0.001 + 0.000 secs).", "NOPERM", "Permission denied"),
        ("b'[AUTHENTICATIONFAILED] Authentication failed.'", "AUTHENTICATIONFAILED", "Authentication failed"),
        ("SEARCH command error: BAD [b'Unknown argument']", "", "BAD Unknown argument"),
        (
            "[ALERT] see https://example.org/x for ana@example.org",
            "ALERT",
            "see https://example.org/x for (an address)",
        ),
        ("LOGIN failed: ", "", "it gives no reason"),
        ("two\r\nlines\x1b[31m and\u202e tricks", "", "two lines [31m and tricks"),
    ],
)
def test_a_servers_answer_is_one_plain_line(said: str, code: str, shown: str) -> None:
    """No response code, no Python, no address, no control characters; the code is kept for the program."""
    no = SaysNo(said)
    assert (no.code, no.answer) == (code, shown)


def test_a_long_answer_is_cut_in_no_time() -> None:
    """A server may say a megabyte."""
    start = time.process_time()
    for flood in ("x" * 1_000_000, "[A" * 500_000, "(1 " * 300_000, "@" * 1_000_000):
        assert len(presentable(flood)) <= 200
    assert time.process_time() - start < 0.5
