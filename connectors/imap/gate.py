"""What may leave for the server: a short list of commands, checked on the bytes themselves.

This is the last place before the socket. A command that is not on the list is our own bug (or mail text that broke
out of an argument), so it raises before one byte of it leaves, and nothing on top can talk its way around.

Not on the list, on purpose: SELECT (reading uses EXAMINE, RFC 9051 6.3.3), STORE, EXPUNGE, COPY, MOVE, DELETE, RENAME,
and CLOSE (it expunges, RFC 9051 6.4.1). FETCH may only peek: ``BODY[`` without ``.PEEK`` marks as read (6.4.5).
"""

import re

_NOTHING = rb""
_NAME = rb'"(?:[^"\\\r\n]|\\["\\])*"'
_ITEM = rb"(?:FLAGS|INTERNALDATE|RFC822\.SIZE|BODYSTRUCTURE|BODY\.PEEK\[[^\]\r\n]*\](?:<\d+\.\d+>)?)"

_ALLOWED = {
    verb: re.compile(arguments)
    for verb, arguments in {
        b"CAPABILITY": _NOTHING,
        b"LOGOUT": _NOTHING,
        b"STARTTLS": _NOTHING,
        b"NAMESPACE": _NOTHING,
        b"IDLE": _NOTHING,
        b"LOGIN": rb"[^\r\n]+",
        b"AUTHENTICATE": rb"(?:PLAIN|XOAUTH2|OAUTHBEARER)",
        b"ID": rb"[^\r\n]+",
        b"LIST": rb'"" "\*"(?: RETURN \(SPECIAL-USE\))?',
        b"EXAMINE": _NAME,
        b"UID SEARCH": rb"[^\r\n]+",
        b"UID FETCH": rb"[\d,]+ \(" + _ITEM + rb"(?: " + _ITEM + rb")*\)",
        b"APPEND": rb"(?P<folder>" + _NAME + rb') \(\\Draft \\Seen\) "[^"\r\n]*" \{\d+\}',
        b"CREATE": rb"(?P<folder>" + _NAME + rb")",
    }.items()
}

_COMMAND = re.compile(rb"[A-Za-z0-9]+ (?P<verb>UID [A-Za-z]+|[A-Za-z]+)(?: (?P<arguments>.*))?", re.DOTALL)
_LITERAL = re.compile(rb"\{(\d+)\+?\}\Z")
_ANSWERS = {b"AUTHENTICATE": re.compile(rb"[A-Za-z0-9+/=]*|\*"), b"IDLE": re.compile(rb"DONE")}
"""Lines that answer a server's ``+``: base64 (RFC 4954 form, RFC 9051 6.2.2) and the end of IDLE (RFC 2177)."""


class ForbiddenCommand(AssertionError):
    """Something that must never reach the server was about to. Holds the command's verb, no argument."""


class Gate:
    """Lets the allowed commands of one connection through; holds a line back until it is complete.

    ``drafts`` is the one folder that APPEND and CREATE may name, quoted as on the wire; none until it is set.
    """

    def __init__(self) -> None:
        self.drafts: bytes | None = None
        self._line = b""
        self._verb = b""
        self._literal = 0
        self._continues = False

    def begin(self) -> None:
        """A new command: what is left of the one before will not come, for the server did not want its literal."""
        self._line = b""
        self._literal = 0
        self._continues = False

    def clear(self, outgoing: bytes) -> bytes:
        """The bytes that may leave now. Raises ``ForbiddenCommand`` with nothing of ``outgoing`` cleared."""
        literal, rest = outgoing[: self._literal], outgoing[self._literal :]
        self._literal -= len(literal)
        line, end, after = rest.partition(b"\n")
        self._line += line + end
        if not end:
            return literal
        whole, self._line = self._line, b""
        self._judge(whole)
        if len(after) > self._literal:
            raise ForbiddenCommand("a second command rides on the first one's line")
        self._literal -= len(after)
        return literal + whole + after

    def _judge(self, line: bytes) -> None:
        if not line.endswith(b"\r\n"):
            raise ForbiddenCommand("a line without CRLF")
        line = line[:-2]
        if self._continues:
            self._judge_rest(line)
        elif not (self._verb in _ANSWERS and _ANSWERS[self._verb].fullmatch(line)):
            self._judge_command(line)
        literal = _LITERAL.search(line)
        self._continues = literal is not None
        self._literal = int(literal[1]) if literal else 0

    def _judge_rest(self, line: bytes) -> None:
        """What follows a literal: more arguments of a search, nothing after a draft."""
        if line and self._verb != b"UID SEARCH":
            raise ForbiddenCommand(f"more than one literal in {self._verb.decode()}")

    def _judge_command(self, line: bytes) -> None:
        command = _COMMAND.fullmatch(line)
        if command is None:
            raise ForbiddenCommand("a line that is no command")
        self._verb = command["verb"].upper()
        allowed = _ALLOWED.get(self._verb)
        matched = allowed.fullmatch(command["arguments"] or b"") if allowed else None
        if matched is None:
            raise ForbiddenCommand(f"{self._verb.decode()} in this form")
        if "folder" in matched.groupdict() and matched["folder"] != self.drafts:
            raise ForbiddenCommand(f"{self._verb.decode()} outside Drafts")
        if _LITERAL.search(line) and self._verb not in (b"UID SEARCH", b"APPEND"):
            raise ForbiddenCommand(f"a literal in {self._verb.decode()}")
