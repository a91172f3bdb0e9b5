"""The gate lets a short list of commands out, and nothing else whatever a caller says."""

import pytest

from connectors.imap.gate import ForbiddenCommand, Gate

ALLOWED = [
    b"A1 CAPABILITY\r\n",
    b"A1 LOGOUT\r\n",
    b"A1 STARTTLS\r\n",
    b"A1 NAMESPACE\r\n",
    b"A1 IDLE\r\n",
    b'A1 LOGIN "ana@example.org" "p\\"w{3}"\r\n',
    b"A1 AUTHENTICATE XOAUTH2\r\n",
    b'A1 ID ("name" "Afterword")\r\n',
    b'A1 LIST "" "*"\r\n',
    b'A1 LIST "" "*" RETURN (SPECIAL-USE)\r\n',
    b'A1 EXAMINE "Entw&APw-rfe \\"x\\""\r\n',
    b'A1 UID SEARCH SINCE 01-Jan-2026 OR FROM "x" TO "y"\r\n',
    b"A1 UID FETCH 1,2,30 (FLAGS INTERNALDATE BODYSTRUCTURE BODY.PEEK[HEADER]<0.65536>)\r\n",
    b"A1 UID FETCH 7 (BODY.PEEK[1.2]<0.262144> BODY.PEEK[1.3]<0.100>)\r\n",
]
FORBIDDEN = [
    b"A1 SELECT INBOX\r\n",
    b'A1 STATUS "INBOX" (MESSAGES)\r\n',
    b"A1 CLOSE\r\n",
    b"A1 EXPUNGE\r\n",
    b"A1 STORE 1 +FLAGS (\\Deleted)\r\n",
    b"A1 UID STORE 1 +FLAGS (\\Seen)\r\n",
    b"A1 UID EXPUNGE 1\r\n",
    b'A1 COPY 1 "Trash"\r\n',
    b'A1 UID COPY 1 "Trash"\r\n',
    b'A1 UID MOVE 1 "Trash"\r\n',
    b'A1 MOVE 1 "Trash"\r\n',
    b'A1 DELETE "Drafts"\r\n',
    b'A1 RENAME "Drafts" "x"\r\n',
    b'A1 SUBSCRIBE "Drafts"\r\n',
    b"A1 ENABLE UTF8=ACCEPT\r\n",
    b"A1 FETCH 1 (FLAGS)\r\n",
    b"A1 UID FETCH 1 (BODY[])\r\n",
    b"A1 UID FETCH 1 (BODY[TEXT])\r\n",
    b"A1 UID FETCH 1 (FLAGS BODY[1])\r\n",
    b"A1 UID FETCH 1 (RFC822)\r\n",
    b"A1 UID FETCH 1 (RFC822.TEXT)\r\n",
    b"A1 UID FETCH 1:* (FLAGS)\r\n",
    b"A1 AUTHENTICATE LOGIN\r\n",
    b"A1 X-UNKNOWN\r\n",
    b"DONE\r\n",
    b"\r\n",
    b"A1\r\n",
    b"A1 NAMESPACE\n",
]


def _gate(drafts: bytes | None = b'"Drafts"') -> Gate:
    gate = Gate()
    gate.drafts = drafts
    return gate


@pytest.mark.parametrize("command", ALLOWED)
def test_what_reading_needs_goes_out_unchanged(command: bytes) -> None:
    """Every command the connector uses passes byte for byte, in upper and lower case of its verb."""
    assert _gate().clear(command) == command
    lower = command.replace(b"EXAMINE", b"examine")
    assert _gate().clear(lower) == lower


@pytest.mark.parametrize("command", FORBIDDEN)
def test_everything_else_is_held(command: bytes) -> None:
    """Whatever writes, deletes, marks as read or is merely unknown raises, and nothing of it leaves."""
    with pytest.raises(ForbiddenCommand):
        _gate().clear(command)


def test_a_line_in_pieces_is_judged_whole() -> None:
    """imapclient sends a search in pieces: nothing leaves before the line is complete and judged."""
    gate = _gate()
    assert gate.clear(b"A1 UID SEARCH ") == b""
    assert gate.clear(b"ALL") == b""
    assert gate.clear(b"\r\n") == b"A1 UID SEARCH ALL\r\n"
    assert gate.clear(b"A2 UID STO") == b""
    with pytest.raises(ForbiddenCommand):
        gate.clear(b"RE 1 +FLAGS (\\Seen)\r\n")


def test_no_second_command_rides_along() -> None:
    """A line break out of an argument ends in nothing, whether the stowaway is allowed or not."""
    for stowaway in (b"Z9 CREATE injected\r\n", b"Z9 CAPABILITY\r\n", b"x"):
        with pytest.raises(ForbiddenCommand):
            _gate().clear(b"A1 UID SEARCH FROM x\r\n" + stowaway)


def test_a_draft_goes_to_drafts_alone() -> None:
    """APPEND and CREATE name the Drafts folder or fail; before that folder is known nothing is written anywhere."""
    append = b'A1 APPEND "Drafts" (\\Draft \\Seen) "23-Nov-2026 10:00:00 +0000" {12}\r\n'
    assert _gate().clear(append) == append
    assert _gate().clear(b'A1 CREATE "Drafts"\r\n')
    for gate, command in (
        (_gate(None), append),
        (_gate(None), b'A1 CREATE "Drafts"\r\n'),
        (_gate(), append.replace(b"Drafts", b"Sent")),
        (_gate(), append.replace(b" \\Seen", b"")),
        (_gate(), append.replace(b"\\Draft \\Seen", b"\\Seen")),
        (_gate(), append.replace(b" {12}", b"")),
        (_gate(), b'A1 CREATE "Elsewhere"\r\n'),
        (_gate(), b'A1 CREATE "Drafts" (USE (\\Drafts))\r\n'),
    ):
        with pytest.raises(ForbiddenCommand):
            gate.clear(command)


def test_a_literal_is_not_read_as_commands() -> None:
    """Inside its announced length a draft may say anything; behind it stands only the end of the line."""
    gate = _gate()
    gate.clear(b'A1 APPEND "Drafts" (\\Draft \\Seen) "23-Nov-2026 10:00:00 +0000" {14}\r\n')
    assert gate.clear(b"A1 EXPUNGE\r\nxx") == b"A1 EXPUNGE\r\nxx"
    assert gate.clear(b"\r\n") == b"\r\n"
    with pytest.raises(ForbiddenCommand):
        gate.clear(b"A2 EXPUNGE\r\n")


def test_a_literal_the_server_did_not_want_hides_nothing() -> None:
    """A server may say NO before the literal: the next command is judged, not taken for the rest of that one."""
    gate = _gate()
    gate.clear(b'A1 APPEND "Drafts" (\\Draft \\Seen) "23-Nov-2026 10:00:00 +0000" {14}\r\n')
    gate.begin()
    with pytest.raises(ForbiddenCommand):
        gate.clear(b"A2 EXPUNGE\r\n")


def test_a_second_draft_in_one_append_is_held() -> None:
    """MULTIAPPEND (RFC 3502) would carry a second message with flags of its own."""
    gate = _gate()
    gate.clear(b'A1 APPEND "Drafts" (\\Draft \\Seen) "23-Nov-2026 10:00:00 +0000" {2}\r\n')
    gate.clear(b"xx")
    with pytest.raises(ForbiddenCommand):
        gate.clear(b" (\\Seen) {2}\r\n")


def test_a_search_may_hold_several_literals() -> None:
    """Words in other alphabets go as literals, with and without waiting for the server."""
    gate = _gate()
    assert gate.clear(b"A1 UID SEARCH CHARSET UTF-8 SUBJECT") == b""
    assert gate.clear(b" {3}\r\n") == b"A1 UID SEARCH CHARSET UTF-8 SUBJECT {3}\r\n"
    assert gate.clear("ß!".encode()) == "ß!".encode()
    assert gate.clear(b" FROM {2+}\r\n" + "ü".encode()) == b" FROM {2+}\r\n" + "ü".encode()
    assert gate.clear(b"\r\n") == b"\r\n"
    with pytest.raises(ForbiddenCommand):
        gate.clear(b"A2 EXPUNGE\r\n")


def test_other_commands_take_no_literal() -> None:
    """A literal would hide its bytes from the gate, so only searches and drafts may have one."""
    for command in (b'A1 LOGIN "x" {3}\r\n', b"A1 ID {3}\r\n"):
        with pytest.raises(ForbiddenCommand):
            _gate().clear(command)


def test_answers_go_out_only_where_they_belong() -> None:
    """base64 follows AUTHENTICATE, DONE follows IDLE, and neither lets a command through."""
    gate = _gate()
    gate.clear(b"A1 AUTHENTICATE PLAIN\r\n")
    assert gate.clear(b"AGFuYQBwdw==") == b""
    assert gate.clear(b"\r\n") == b"AGFuYQBwdw==\r\n"
    with pytest.raises(ForbiddenCommand):
        gate.clear(b"DONE now\r\n")
    gate.clear(b"A2 IDLE\r\n")
    assert gate.clear(b"DONE\r\n") == b"DONE\r\n"
    with pytest.raises(ForbiddenCommand):
        gate.clear(b"AGFuYQ==\r\n")


def test_the_failure_holds_no_argument() -> None:
    """What is held may be a password or a mail: the exception names the verb alone."""
    with pytest.raises(ForbiddenCommand) as held:
        _gate().clear(b'A1 LOGIN "ana@example.org" "hunter2" {3}\r\n')
    assert "hunter2" not in str(held.value)
    assert "ana" not in str(held.value)
