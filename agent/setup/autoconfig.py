"""The file in which a domain says where its mail servers are, as Thunderbird reads it (config-v1.1.xml).

The format: https://wiki.mozilla.org/Thunderbird:Autoconfiguration:ConfigFileFormat. It comes from anybody, so it is
read by expat alone, which does not recurse, without a document type (no entities then), in a few kilobytes.
"""

import re
from xml.parsers import expat

from agent.setup.values import Server
from connectors.account import Tls

LIMIT = 64 * 1024
"""Bytes of such a file; real ones have two thousand."""
_MOST = 5
"""Servers taken from one file."""
_TLS = {"ssl": Tls.IMPLICIT, "tls": Tls.IMPLICIT, "starttls": Tls.STARTTLS}
"""``plain`` is left out: such a server is not asked for a password."""
_LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")


class _Wrong(Exception):
    """The file has a document type, as none of them needs."""


def servers(raw: bytes, address: str) -> tuple[Server, ...]:
    """The protected IMAP servers that the file names, in its order; none when it is no such file. Never raises."""
    if len(raw) > LIMIT:
        return ()
    reader = _Reader()
    try:
        reader.parser.Parse(raw, True)
    except (expat.ExpatError, _Wrong, ValueError, LookupError):
        return ()
    found = (_server(fields, address) for fields in reader.found[:_MOST])
    return tuple(dict.fromkeys(each for each in found if each))


class _Reader:
    """Collects what stands in each ``<incomingServer type="imap">``; the first of several like fields counts."""

    def __init__(self) -> None:
        self.found: list[dict[str, str]] = []
        self._path: list[str] = []
        self._in_server = False
        self._words: list[str] = []
        self.parser = expat.ParserCreate()
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    def _refuse(self, *_: object) -> None:
        raise _Wrong

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._path.append(name)
        self._words = []
        if self._path == ["clientConfig", "emailProvider", "incomingServer"]:
            self._in_server = attributes.get("type") == "imap"
            if self._in_server:
                self.found.append({})

    def _end(self, _name: str) -> None:
        if len(self._path) == 4 and self._in_server:
            self.found[-1].setdefault(self._path[-1], "".join(self._words).strip())
        self._path.pop()
        if len(self._path) == 2:
            self._in_server = False

    def _text(self, words: str) -> None:
        self._words.append(words)


def _server(fields: dict[str, str], address: str) -> Server | None:
    tls = _TLS.get(fields.get("socketType", "").casefold())
    host = _filled(fields.get("hostname", ""), address)
    port = fields.get("port", "")
    if tls is None or not is_host(host) or not re.fullmatch(r"[0-9]{1,5}", port) or not 0 < int(port) < 65536:
        return None
    username = _filled(fields.get("username", ""), address)
    if not username.isprintable() or len(username) > 320 or username.casefold() == address.casefold():
        username = ""
    return Server(host=host.casefold(), port=int(port), tls=tls, username=username)


def is_host(name: str) -> bool:
    """Whether a name is written as hosts are (RFC 1123 2.1)."""
    return len(name) <= 253 and all(map(_LABEL.fullmatch, name.split(".")))


def _filled(text: str, address: str) -> str:
    local, _, domain = address.rpartition("@")
    for placeholder, value in (("EMAILADDRESS", address), ("EMAILLOCALPART", local), ("EMAILDOMAIN", domain)):
        text = text.replace(f"%{placeholder}%", value)
    return text
