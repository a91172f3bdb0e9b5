"""One connection to Microsoft Graph, in the few verbs this connector needs. What fails, fails as the port has it."""

import contextlib
import json
import random
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import quote, urlencode, urlsplit

import requests
import urllib3.exceptions
from requests.auth import AuthBase

from connectors.account import Account
from connectors.oauth import AccessTokens, scopes_of, tokens_of
from connectors.outlook.address import base_of, is_loopback
from connectors.outlook.failures import error_code, failure, foreign
from connectors.outlook.gate import Gate
from connectors.outlook.permissions import check_permissions
from connectors.port import Refused, Unavailable

JSON_LIMIT = 16 * 1024 * 1024
"""Bytes of one JSON answer; a page of messages with their recipients has far fewer."""
PAGES = 2000
"""Pages of one list; the longest that is read has some hundreds. A server that gives empty ones for ever is none."""
_ERROR_LIMIT = 64 * 1024
_CHUNK = 16 * 1024
_TIMEOUT = (10.0, 60.0)
"""Seconds to connect, and of silence within an answer."""
_LONGEST = 180.0
"""Seconds one answer may take altogether."""
_TRIES = 3
_PATIENCE = 30.0
"""Seconds that are waited for Graph's own ``Retry-After``; longer, and the account rests instead of its thread."""
_USUAL_PAUSE = 2.0
_IMMUTABLE = 'IdType="ImmutableId"'
"""learn.microsoft.com/graph/outlook-immutable-id: the id stays when the message is moved."""

Row = Mapping[str, object]
"""One JSON object as Graph gave it: any field may be missing or of another type."""


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page of a collection. ``next_link`` leads on, ``delta_link`` to what comes later; whole addresses."""

    rows: tuple[Row, ...]
    next_link: str | None
    delta_link: str | None


class Service:
    """One session, one thread: never more than one request at once (Graph allows four for a mailbox)."""

    def __init__(self, account: Account, *, pause: Callable[[float], None] = time.sleep) -> None:
        self.base = base_of(account)
        self._host = urlsplit(self.base).hostname or ""
        self._name = account.name
        self._pause = pause
        self._bearer = _Bearer(tokens_of(account, scopes=scopes_of(account)), account.name)
        self._session = _Session()
        self._session.trust_env = not is_loopback(self.base)  # a proxy does not reach this machine's own servers
        self._session.auth = self._bearer
        self._session.adapters.clear()
        self._session.mount(self.base, Gate(self.base))

    def close(self) -> None:
        """Close the connection."""
        self._session.close()

    def row(self, path: str, query: Mapping[str, str] | None = None) -> Row:
        """One object. Raises ``Missing`` when it is not there, ``SaysNo`` for another refusal."""
        return self._json("GET", self._url(path, query))

    def page(self, path: str, query: Mapping[str, str] | None = None, *, size: int | None = None) -> Page:
        """One page of a collection; ``path`` may be a link that Graph gave."""
        prefer = f", odata.maxpagesize={size}" if size else ""
        answer = self._json("GET", self._url(path, query), prefer=prefer)
        rows = answer.get("value")
        if not isinstance(rows, list):
            raise foreign(self._host, "a page without a list")
        return Page(
            rows=tuple(each for each in rows if isinstance(each, dict)),
            next_link=self._link(answer, "@odata.nextLink"),
            delta_link=self._link(answer, "@odata.deltaLink"),
        )

    def pages(self, path: str, query: Mapping[str, str], *, limit: int) -> Iterator[Row]:
        """The rows of a collection, page after page, at most ``limit``."""
        page = self.page(path, query)
        for _ in range(PAGES):
            yield from page.rows[:limit]
            limit -= len(page.rows)
            if page.next_link is None or limit <= 0:
                return
            page = self.page(page.next_link)
        raise foreign(self._host, "a list without an end")

    def raw(self, path: str, *, limit: int, enough: Callable[[bytes], bool] | None = None) -> tuple[bytes, bool]:
        """The beginning of what is not JSON, and whether more would follow. ``enough`` sees all that has come."""
        with self._answer("GET", self._url(path, None)) as response:
            return self._read(response, limit, enough or (lambda _: False))

    def create(self, path: str, body: Row) -> Row:
        """POST, once: when the answer is lost nobody knows whether it was done, so it is never repeated here."""
        return self._json("POST", self._url(path, None), body=body)

    def change(self, path: str, body: Row) -> None:
        """PATCH."""
        self._json("PATCH", self._url(path, None), body=body)

    def owns(self, link: str) -> bool:
        """Whether a link leads to this API: the token goes nowhere else."""
        return link.startswith(self.base + "/")

    def _url(self, path: str, query: Mapping[str, str] | None) -> str:
        url = path if self.owns(path) else self.base + path
        return f"{url}?{urlencode(query, quote_via=quote, safe='$,:()')}" if query else url

    def _link(self, answer: Row, name: str) -> str | None:
        link = answer.get(name)
        if link is None:
            return None
        if not isinstance(link, str) or not self.owns(link):
            raise foreign(self._host, "a link to elsewhere")
        return link

    def _json(self, method: str, url: str, *, body: Row | None = None, prefer: str = "") -> Row:
        with self._answer(method, url, body=body, prefer=prefer) as response:
            raw, cut = self._read(response, JSON_LIMIT, lambda _: False)
        found = None if cut else _decoded(raw)
        if not isinstance(found, dict):
            raise foreign(self._host, "an answer that cannot be read")
        return found

    @contextlib.contextmanager
    def _answer(
        self, method: str, url: str, *, body: Row | None = None, prefer: str = ""
    ) -> Iterator[requests.Response]:
        """A good answer, not yet read. Waits when Graph asks to, and renews the token once."""
        waited, renewed = 0, False
        while True:
            with self._as_failures(), self._sent(method, url, body, _IMMUTABLE + prefer) as response:
                status = response.status_code
                if 200 <= status < 300:
                    if "html" in response.headers.get("Content-Type", "").casefold():
                        raise foreign(self._host, "a web page")  # it must not be read as a mail
                    yield response
                    return
                code = error_code(_decoded(self._read(response, _ERROR_LIMIT, lambda _: False)[0]))
                if status == 401 and "bearer" in response.headers.get("WWW-Authenticate", "").casefold():
                    code = code or "Unauthorized"  # RFC 6750 3: the header alone is an answer too
                wait = _wait(response)
            if status == 401 and not renewed:
                self._bearer.renew()
                renewed = True
            elif _may_repeat(method, status) and waited < _TRIES and wait <= _PATIENCE:
                waited += 1
                self._pause(wait + random.uniform(0, 0.1 + wait / 4))  # noqa: S311 - jitter, no secret
            else:
                raise failure(status, code, host=self._host, account=self._name, rest=wait)

    def _sent(self, method: str, url: str, body: Row | None, prefer: str) -> requests.Response:
        """A link kept alive may be dead by now, so whatever may be done twice is tried once more on a new one."""
        headers = {"Prefer": prefer, "Accept-Encoding": "identity", "User-Agent": "Afterword"}
        content = None if body is None else json.dumps(body).encode()
        if content is not None:
            headers["Content-Type"] = "application/json"

        def once() -> requests.Response:
            return self._session.request(
                method, url, data=content, headers=headers, timeout=_TIMEOUT, stream=True, allow_redirects=False
            )

        try:
            return once()
        except (requests.ConnectTimeout, requests.exceptions.SSLError):
            raise
        except requests.ConnectionError:
            if method == "POST":
                raise
            return once()

    def _read(self, response: requests.Response, limit: int, enough: Callable[[bytes], bool]) -> tuple[bytes, bool]:
        """As it comes on the wire, so that nothing unpacks to more than was read."""
        if response.headers.get("Content-Encoding", "identity").casefold() != "identity":
            raise foreign(self._host, "a packed answer nobody asked for")
        end = time.monotonic() + _LONGEST
        read = bytearray()
        with self._as_failures():
            while chunk := response.raw.read(_CHUNK, decode_content=False):
                read += chunk
                if len(read) > limit or enough(bytes(read)):
                    return bytes(read[:limit]), True
                if time.monotonic() > end:
                    raise Unavailable(f"{self._host} answers too slowly; it is tried again later")
        return bytes(read), False

    @contextlib.contextmanager
    def _as_failures(self) -> Iterator[None]:
        """Turn what requests and urllib3 raise into the port's failures."""
        try:
            yield
        except requests.exceptions.SSLError as odd:
            raise foreign(self._host, "its certificate is not to be trusted") from odd
        except (requests.Timeout, urllib3.exceptions.TimeoutError) as slow:
            raise Unavailable(f"{self._host} does not answer; the network may be down") from slow
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as gone:
            raise Unavailable(f"the connection to {self._host} is lost, or cannot be made") from gone


class _Session(requests.Session):
    """Follows no redirect and does not look at one: requests would read the whole of it to be able to."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        """None, whatever the answer says."""


class _Bearer(AuthBase):
    """The token on each request (RFC 6750 2.1). An own class, so that no ``.netrc`` takes its place."""

    def __init__(self, tokens: AccessTokens, name: str) -> None:
        self._tokens = tokens
        self._name = name
        self._checked = ""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._good(self._tokens.current())}"
        return request

    def renew(self) -> None:
        """The token was refused: get another."""
        self._good(self._tokens.renewed())

    def _good(self, token: str) -> str:
        if not (token.isascii() and token.isprintable() and " " not in token):
            raise Refused(f"what stands under `token:` of account `{self._name}` gives no access token; try it by hand")
        if token != self._checked:
            check_permissions(token, self._name)
            self._checked = token
        return token


def _decoded(raw: bytes) -> object:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None


def _may_repeat(method: str, status: int) -> bool:
    """After 429 nothing was done; after 503 and 504 nobody knows, and what makes something may not be repeated."""
    return status == 429 or (method != "POST" and status in (503, 504))


def _wait(response: requests.Response) -> float:
    """Seconds to wait (RFC 9110 10.2.3: a number or a date)."""
    asked = response.headers.get("Retry-After", "").strip()
    if asked.isascii() and asked.isdigit() and len(asked) < 8:
        return float(asked)
    try:
        until = parsedate_to_datetime(asked[:60])
    except (ValueError, TypeError, IndexError, OverflowError):
        return _USUAL_PAUSE
    return max(0.0, (until.replace(tzinfo=until.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
