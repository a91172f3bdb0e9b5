"""Google's Gmail API on loopback, over real HTTP: what its pages say, and what goes wrong with it.

Written from developers.google.com/workspace/gmail/api/reference/rest and .../guides/handle-errors; units from
.../reference/quota. What a page does not say stands as an assumption where it is made. Every request is recorded.
"""

import base64
import json
import re
import socket
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from tests.servers import Port
from tests.servers.certificates import Certificates
from tests.servers.gmail_mime import base64url, full, headers
from tests.servers.gmail_store import GmailStore, Stored
from tests.servers.gmail_trouble import Act, Asked, Reply, error

ADDRESS = "ana@example.org"
TOKEN = "ya29.good"
UNITS = {"profile": 1, "history": 2, "messages": 5, "labels": 1, "drafts": 5, "message": 20, "thread": 40, "create": 10}
"""Since May 2026: history.list 2, messages.list 5, messages.get 20, threads.get 40. Drafts are not told: assumed."""


class Gmail:
    """One account. ``stop`` and ``start`` keep the port and the mail."""

    def __init__(self, address: str = ADDRESS, *, certificates: Certificates | None = None) -> None:
        self.store = GmailStore(address)
        self.tokens = {TOKEN}
        self.asked: list[Asked] = []
        self.page = 500
        """At most so many rows in one page."""
        self.inline = 5_000_000
        """Bytes of a text that stand in the answer itself."""
        self.chunked = False
        """Answers of no announced length (RFC 9112 7.1), as Google's servers mostly give them."""
        self.allowance: int | None = None
        """Quota units that one ``window`` of seconds allows; None: any number."""
        self.window = 60.0
        self.spent = 0
        self._recent: deque[tuple[float, int]] = deque()
        self._acts: list[tuple[re.Pattern[str], Act]] = []
        self._port = Port()
        self._certificates = certificates
        self.url = f"{'https' if certificates else 'http'}://127.0.0.1:{self._port.number}"
        self._http: ThreadingHTTPServer | None = None
        self._links: set[socket.socket] = set()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()
        self._port.release()

    def start(self) -> None:
        """Answer from now on."""
        gmail = self

        class Handler(_Handler):
            server_side = gmail

        self._http = ThreadingHTTPServer(("127.0.0.1", self._port.number), Handler)
        self._http.daemon_threads = True
        if self._certificates:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self._certificates.cert, self._certificates.key)
            self._http.socket = context.wrap_socket(self._http.socket, server_side=True)
        threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self) -> None:
        """Answer no more, and drop who is connected. Stopping twice is stopping once."""
        http, self._http = self._http, None
        if http is not None:
            http.shutdown()
            http.server_close()
            for link in tuple(self._links):
                with suppress(OSError):
                    link.shutdown(socket.SHUT_RDWR)

    def next(self, pattern: str, *acts: Act) -> None:
        """The next requests that match ``METHOD path`` meet these acts, one each."""
        self._acts += [(re.compile(pattern), act) for act in acts]

    def count(self, pattern: str) -> int:
        """How many requests matched so far."""
        return sum(bool(re.search(pattern, f"{each.method} {each.path}")) for each in self.asked)

    def answer(self, asked: Asked, token: str) -> Reply | None:
        """What comes back."""
        self.asked.append(asked)
        line = f"{asked.method} {asked.path}"
        for index, (pattern, act) in enumerate(self._acts):
            if pattern.search(line):
                del self._acts[index]
                return act(lambda: self._do(asked, token))
        return self._do(asked, token)

    def _do(self, asked: Asked, token: str) -> Reply:
        if token not in self.tokens:
            return error(401, "authError")
        for method, pattern, kind, do in _ROUTES:
            found = re.fullmatch(f"/gmail/v1/users/me/{pattern}", asked.path)
            if found and asked.method == method:
                return self._afford(UNITS[kind]) or _reply(lambda: do(self, asked, *found.groups()))  # noqa: B023 - called at once
        return error(404, "notFound")

    def _afford(self, units: int) -> Reply | None:
        now = time.monotonic()
        while self._recent and self._recent[0][0] < now - self.window:
            self._recent.popleft()
        if self.allowance is not None and sum(each for _, each in self._recent) + units > self.allowance:
            return error(403, "rateLimitExceeded")
        self.spent += units
        self._recent.append((now, units))
        return None

    def _profile(self, _: Asked) -> object:
        return {"emailAddress": self.store.address, "historyId": str(self.store.history)}

    def _labels(self, _: Asked) -> object:
        return {"labels": [{"id": own, "name": name} for name, own in self.store.labels.items()]}

    def _history(self, asked: Asked) -> object:
        """Further pages hold what there was at the first one, and name the place where the history is now.

        The page says no more than: the mailbox's current history record. This is the reading that can lose mail.
        """
        since = int(asked.first("startHistoryId"))
        if since < self.store.oldest:
            raise KeyError(since)
        kinds = {each.replace("message", "messages").replace("label", "labels") for each in asked.query["historyTypes"]}
        _, _, end = asked.first("pageToken").partition(".")
        rows = [each for each in self.store.since(since, kinds) if not end or int(str(each["id"])) <= int(end)]
        made = self._paged(asked, "history", rows)
        if "nextPageToken" in made:
            made["nextPageToken"] = f"{made['nextPageToken']}.{end or self.store.history}"
        return made | {"historyId": str(self.store.history)}

    def _messages(self, asked: Asked) -> object:
        everything = asked.first("includeSpamTrash") == "true"
        found = self.store.listed(asked.first("q"), asked.query.get("labelIds", []), everything=everything)
        return self._paged(asked, "messages", [{"id": each.id, "threadId": each.thread} for each in found])

    def _message(self, asked: Asked, own: str) -> object:
        return self._shown(self.store.messages[own], asked.first("format", "full"), asked)

    def _attachment(self, _: Asked, own: str, attachment: str) -> object:
        content = full(self.store.messages[own].raw, inline=self.inline).attachments[attachment]
        return {"size": len(content), "data": base64url(content)}

    def _thread(self, asked: Asked, own: str) -> object:
        members = [each for each in self.store.messages.values() if each.thread == own]
        if not members:
            raise KeyError(own)
        return {"id": own, "messages": [self._shown(each, asked.first("format", "full"), asked) for each in members]}

    def _drafts(self, asked: Asked) -> object:
        by_message = {message: draft for draft, message in self.store.drafts.items()}
        lying = self.store.listed(asked.first("q"), ["DRAFT"], everything=False)
        rows = [{"id": by_message[each.id], "message": {"id": each.id, "threadId": each.thread}} for each in lying]
        return self._paged(asked, "drafts", rows)

    def _draft(self, asked: Asked, own: str) -> object:
        one = self.store.messages[self.store.drafts[own]]
        return {"id": own, "message": self._shown(one, asked.first("format", "full"), asked)}

    def _create(self, asked: Asked) -> object:
        message = json.loads(asked.body)["message"]
        draft, one = self.store.create_draft(base64.urlsafe_b64decode(message["raw"]), message.get("threadId", ""))
        return {"id": draft, "message": one.brief}

    def _shown(self, one: Stored, form: str, asked: Asked) -> dict[str, object]:
        shown = {**one.brief, "internalDate": str(one.arrived), "sizeEstimate": len(one.raw), "snippet": "never used"}
        if form == "metadata":
            wanted = {each.lower() for each in asked.query.get("metadataHeaders", [])}
            shown["payload"] = {"headers": [each for each in headers(one.raw) if each["name"].lower() in wanted]}
        if form == "full":
            shown["payload"] = full(one.raw, inline=self.inline).payload
        return shown

    def _paged(self, asked: Asked, name: str, rows: list[Any]) -> dict[str, object]:
        """The token is a place in the list. An empty list has no row at all, not even its name."""
        start = int(asked.first("pageToken", "0").partition(".")[0])
        size = min(int(asked.first("maxResults", "100")), self.page)
        made: dict[str, object] = {name: rows[start : start + size]} if rows[start:] else {}
        return made | {"nextPageToken": str(start + size)} if rows[start + size :] else made


def _reply(do: Callable[[], object]) -> Reply:
    """A thing that is not there is a 404, a thread too: the page does not say which error, assumed."""
    try:
        return Reply(body=json.dumps(do()).encode())
    except KeyError:
        return error(404, "notFound")
    except ValueError:
        return error(400, "invalidArgument")


_ROUTES: list[tuple[str, str, str, Callable[..., object]]] = [
    ("GET", "profile", "profile", Gmail._profile),
    ("GET", "labels", "labels", Gmail._labels),
    ("GET", "history", "history", Gmail._history),
    ("GET", "messages", "messages", Gmail._messages),
    ("GET", "messages/([^/]+)", "message", Gmail._message),
    ("GET", "messages/([^/]+)/attachments/([^/]+)", "message", Gmail._attachment),
    ("GET", "threads/([^/]+)", "thread", Gmail._thread),
    ("GET", "drafts", "drafts", Gmail._drafts),
    ("GET", "drafts/([^/]+)", "message", Gmail._draft),
    ("POST", "drafts", "create", Gmail._create),
]


class _Handler(BaseHTTPRequestHandler):
    server_side: Gmail
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self) -> None:
        super().setup()
        self.server_side._links.add(self.connection)

    def finish(self) -> None:
        self.server_side._links.discard(self.connection)
        with suppress(OSError):
            super().finish()

    def log_message(self, *_: object) -> None:
        """Silence."""

    def _any(self) -> None:
        target = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        asked = Asked(self.command, target.path, parse_qs(target.query), body)
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        reply = self.server_side.answer(asked, token)
        self.close_connection = self.close_connection or reply is None or reply.cut is not None
        if reply is not None:
            self._write(reply, chunked=self.server_side.chunked)

    def _write(self, reply: Reply, *, chunked: bool) -> None:
        length = {"Transfer-Encoding": "chunked"} if chunked else {"Content-Length": str(len(reply.body))}
        self.send_response(reply.status)
        for name, value in (reply.fields | length).items():
            self.send_header(name, value)
        self.end_headers()
        size = 1 if reply.drip else 10_000 if chunked else len(reply.body) + 1
        for start in range(0, len(reply.body), size):
            some = reply.body[start : start + size]
            some = b"%x\r\n%b\r\n" % (len(some), some) if chunked else some
            self.wfile.write(some[: reply.cut])
            time.sleep(reply.drip)
        if chunked and reply.cut is None:
            self.wfile.write(b"0\r\n\r\n")

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _any  # noqa: N815 - http.server looks for these names
