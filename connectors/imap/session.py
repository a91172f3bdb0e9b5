"""One signed-in connection, in the few verbs this connector needs. What fails, fails as ``connectors.port`` has it."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from imapclient import DRAFT, SEEN, IMAPClient
from imapclient.exceptions import ProtocolError
from imapclient.imap_utf7 import decode as decode_folder
from imapclient.response_parser import parse_message_list, parse_response

from connectors.account import Account
from connectors.imap.failures import SaysNo, as_failures
from connectors.imap.signing_in import connect, sign_in
from connectors.imap.wire import Wire
from connectors.port import Unavailable

_NOT_UNDERSTOOD = (ProtocolError, ValueError, TypeError, LookupError, AttributeError, RecursionError)
"""What imapclient's parser raises on an answer it cannot read; some servers send such structures of broken mails."""
_FAREWELL = 2.0
"""Seconds that LOGOUT may take: it is a courtesy."""

Row = dict[bytes, object]
"""What FETCH gave of one message, by item (imapclient's keys, in capitals); any item may be missing."""


class Text(str):
    """Words to search for, as they are. Everything else in a search is a keyword of ours."""

    __slots__ = ()


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A folder as LIST shows it (RFC 9051 7.3.1); attributes in lower case."""

    name: str
    attributes: frozenset[str] = frozenset()
    delimiter: str = "/"


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A folder as EXAMINE found it (RFC 9051 2.3.1.1): messages to come have ``uidnext`` or more."""

    uidvalidity: int
    uidnext: int


class NotUnderstood(Exception):
    """The server's answer about these messages cannot be read; the connection is still good."""


class Session:
    """One connection, one thread."""

    def __init__(self, account: Account) -> None:
        self.host = account.host
        self._client: IMAPClient = connect(account)
        try:
            with as_failures(self.host):
                sign_in(self._client, account)
                self.capabilities = frozenset(each.decode("ascii", "replace") for each in self._client.capabilities())
            self._introduce()
        except BaseException:
            self._drop()
            raise

    @property
    def wire(self) -> Wire:
        """The connection itself, for IDLE."""
        wire: Wire = self._client._imap
        return wire

    def close(self) -> None:
        """Take leave, but not at length: the server may not be there any more."""
        with contextlib.suppress(OSError, Unavailable), as_failures(self.host), self.wire.patience(_FAREWELL):
            self._client.logout()
        self._drop()

    def list_folders(self) -> list[Listed]:
        """Every folder, special uses included (RFC 6154 5.3)."""
        if "SPECIAL-USE" in self.capabilities:
            with contextlib.suppress(SaysNo):
                return self._list('""', '"*"', "RETURN (SPECIAL-USE)")
        return self._list('""', '"*"')

    def prefix(self) -> str:
        """Where the user's own folders lie (RFC 2342): ``INBOX.`` on some servers, mostly nothing."""
        if "NAMESPACE" not in self.capabilities:
            return ""
        with contextlib.suppress(SaysNo), self.speaking():
            try:
                personal = self._client.namespace().personal
            except _NOT_UNDERSTOOD:
                return ""
            return str(personal[0][0]) if personal else ""
        return ""

    def examine(self, folder: str) -> Opened:
        """Open a folder for reading; nothing in it changes by that, not even ``\\Recent`` (RFC 9051 6.3.3)."""
        try:
            with self.speaking():
                found = self._client.select_folder(folder, readonly=True)
        except SaysNo as no:
            raise Unavailable(f"the folder `{folder}` cannot be opened: {no.answer}") from no
        uidnext = found.get(b"UIDNEXT") or max(self.search("UID", "*"), default=0) + 1  # old servers do not tell
        return Opened(uidvalidity=found.get(b"UIDVALIDITY", 0), uidnext=uidnext)

    def has_announced_mail(self) -> bool:
        """Whether the answer to the last command, not being EXAMINE's own count, spoke of a new message."""
        return "EXISTS" in self.wire.untagged_responses

    def search(self, *criteria: str) -> list[int]:
        """UIDs in the open folder, rising; each ``Text`` among the criteria is quoted, or sent as a literal.

        imapclient's own search quotes only what has a space or a quote in it, so brackets and line breaks from a mail
        would get out. Raises ``SaysNo`` when the server does not take the search.
        """
        charset = () if all(each.isascii() for each in criteria) else (b"CHARSET", b"UTF-8")
        with self.speaking():
            answer = self._client._raw_command_untagged(b"SEARCH", [*charset, *map(_argument, criteria)])
            try:
                return sorted({uid for line in answer for uid in parse_message_list([line])})
            except _NOT_UNDERSTOOD as odd:
                raise Unavailable(f"{self.host} gave a search result that cannot be read") from odd

    def fetch(self, uids: Sequence[int], items: Sequence[str]) -> dict[int, Row]:
        """The items of these messages; a message that is gone is not there. Raises ``NotUnderstood``, ``SaysNo``."""
        with self.speaking():
            try:
                found: dict[int, Row] = self._client.fetch(uids, items)
            except _NOT_UNDERSTOOD as odd:
                raise NotUnderstood from odd
        return found

    def append_draft(self, folder: str, raw: bytes, date: datetime) -> None:
        """Put a draft into the folder, its flags with it: Exchange makes another message of one flagged later."""
        self._open_gate_to(folder)
        with self.speaking():
            self._client.append(folder, raw, flags=(DRAFT, SEEN), msg_time=date)

    def create_drafts(self, folder: str) -> None:
        """Create the missing Drafts folder."""
        self._open_gate_to(folder)
        with self.speaking():
            self._client.create_folder(folder)

    @contextlib.contextmanager
    def speaking(self) -> Iterator[None]:
        """After any failure but a plain NO the two sides may be out of step, so the connection is dropped.

        What was said before is no part of the next answer: imaplib keeps the lines of a SEARCH that ended with NO.
        """
        self.wire.untagged_responses.clear()
        try:
            with as_failures(self.host):
                yield
        except SaysNo:
            raise
        except Unavailable:
            self._drop()
            raise

    def _drop(self) -> None:
        with contextlib.suppress(OSError):
            self._client.shutdown()

    def _introduce(self) -> None:
        """ID (RFC 2971): some servers open no folder for a client without a name."""
        if "ID" in self.capabilities:
            with self.speaking(), contextlib.suppress(*_NOT_UNDERSTOOD):
                self._client.id_({"name": "Afterword"})

    def _open_gate_to(self, folder: str) -> None:
        self.wire.gate.drafts = self._client._normalise_folder(folder)

    def _list(self, *arguments: str) -> list[Listed]:
        with self.speaking():
            typ, lines = self.wire._simple_command("LIST", *arguments)
            if typ != "OK":
                raise self.wire.error(lines[-1].decode("utf-8", "replace"))
            _, lines = self.wire._untagged_response(typ, lines, "LIST")
            try:
                found = parse_response([line for line in lines if line])
            except _NOT_UNDERSTOOD as odd:
                raise Unavailable(f"{self.host} gave a list of folders that cannot be read") from odd
        rows = zip(found[::3], found[1::3], found[2::3], strict=False)
        return [listed for row in rows if (listed := _listed(*row))]


def _argument(criterion: str) -> bytes:
    """Eight-bit text goes as a literal, which imapclient makes of anything that is not ASCII."""
    raw = criterion.encode()
    if not isinstance(criterion, Text) or not criterion.isascii():
        return raw
    return b'"' + raw.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'


def _listed(attributes: object, delimiter: object, name: object) -> Listed | None:
    """None for a name that cannot be read or said again safely: such a folder is as good as not there."""
    try:
        text = decode_folder(name) if isinstance(name, bytes) else str(name)
    except ValueError:
        return None
    if not isinstance(attributes, tuple) or not text.isprintable():
        return None
    return Listed(
        name=text,
        attributes=frozenset(str(each, "ascii", "replace").lower() for each in attributes if isinstance(each, bytes)),
        delimiter=str(delimiter, "ascii", "replace") if isinstance(delimiter, bytes) else "",
    )
