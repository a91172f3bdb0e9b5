"""Reads what a client sent to a server, byte by byte, and tells what it had no business to send.

Written apart from the connector's own gate, against the server's record: the two must come to the same verdict.
"""

import re

_READING = {b"CAPABILITY", b"ID", b"NAMESPACE", b"LIST", b"EXAMINE", b"SEARCH", b"FETCH", b"IDLE", b"LOGOUT"}
_LITERAL = re.compile(rb"\{(\d+)\+?\}\r\n")
_MARKS_AS_READ = re.compile(rb"BODY\[|RFC822(?!\.SIZE)")


def commands(sent: bytes) -> list[bytes]:
    """The command lines of one connection, literals cut out and shown as ``{}``."""
    lines, line = [], b""
    while (end := sent.find(b"\r\n") + 2) > 1:
        line, sent = line + sent[:end], sent[end:]
        literal = _LITERAL.search(line)
        if literal and literal.end() == len(line):
            line, sent = line[: literal.start()] + b"{}", sent[int(literal[1]) :]
        else:
            lines.append(line.removesuffix(b"\r\n"))
            line = b""
    return lines


def misdeeds(sent: bytes, *, drafts: str) -> list[bytes]:
    """The commands that read with a trace, or write anything but a draft into ``drafts`` (as on the wire)."""
    return [line for line in commands(sent) if not _is_fine(line, drafts.encode())]


def _is_fine(line: bytes, drafts: bytes) -> bool:
    if line == b"DONE":
        return True
    words = line.split(b" ", 3)[1:]
    verb, rest = (words[1], words[2:]) if words[0] == b"UID" else (words[0], words[1:])
    if verb == b"APPEND":
        return re.fullmatch(rb'\S+ APPEND "%s" \(\\Draft \\Seen\) "[^"]+" \{\}' % re.escape(drafts), line) is not None
    if verb == b"CREATE":
        return line.endswith(b' CREATE "%s"' % drafts)
    return verb in _READING and not any(_MARKS_AS_READ.search(word) for word in rest)
