"""The web side of the sign-in server: paths, forms and redirects, and answers that are none."""

import base64
import contextlib
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit

if TYPE_CHECKING:
    from tests.servers.oauth import SignInServer


class Listening(ThreadingHTTPServer):
    daemon_threads = True
    owner: "SignInServer"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that does not trust us ends the handshake; that is what some tests are about."""


def listening(owner: "SignInServer", handler: type[BaseHTTPRequestHandler]) -> Listening:
    server = Listening(("127.0.0.1", 0), handler)
    server.owner = owner
    return server


class Handler(BaseHTTPRequestHandler):
    server: Listening
    timeout = 10.0

    def answer(self, status: int, body: object) -> None:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_: object) -> None:
        """Not to the test's output."""


class Introspection(Handler):
    """As Dovecot asks: doc.dovecot.org/2.3/configuration_manual/authentication/oauth2."""

    def do_GET(self) -> None:
        token = dict(parse_qsl(urlsplit(self.path).query)).get("access_token", "")
        who = self.server.owner.owner(token)
        self.answer(200 if who else 401, {"active": "true", "email": who} if who else {"active": "false"})


class Web(Handler):
    def do_GET(self) -> None:
        url = urlsplit(self.path)
        query = dict(parse_qsl(url.query))
        owner = self.server.owner
        owner.asked.append((url.path, query))
        if url.path.endswith("/.well-known/openid-configuration"):
            self._describe(url.path.split("/")[1])
        elif url.path == "/portal":  # where nobody may follow: its tokens are not ours
            self.answer(200, {"access_token": "x", "refresh_token": "x", "token_type": "Bearer", "expires_in": 3599})
        else:
            self._send_back(
                query["redirect_uri"], owner.authorize(query), form=query.get("response_mode") == "form_post"
            )

    def _send_back(self, to: str, answer: dict[str, str], *, form: bool) -> None:
        """With the answer in the address, or in a form that the browser sends by itself."""
        fields = "".join(f'<input name="{name}" value="{value}">' for name, value in answer.items())
        body = f'<form action="{to}" method="post">{fields}</form>'.encode() if form else b""
        self.send_response(200 if form else 302)
        if not form:
            self.send_header("Location", f"{to}?{urlencode(answer)}")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        form = self._credentials() | dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        owner = self.server.owner
        owner.asked.append((self.path, form))
        if owner.spoilt:
            self._spoil(owner.spoilt)
        elif self.path.endswith("/devicecode"):
            self.answer(200, owner.device_code(form))
        else:
            self.answer(*owner.token(form, microsoft="/oauth2/v2.0/" in self.path))

    def _credentials(self) -> dict[str, str]:
        """A client may name itself in the header as well (RFC 6749 2.3.1)."""
        kind, _, encoded = self.headers.get("Authorization", "").partition(" ")
        if kind != "Basic":
            return {}
        name, _, secret = base64.b64decode(encoded).decode().partition(":")
        return {"client_id": name, "client_secret": secret}

    def _describe(self, tenant: str) -> None:
        """learn.microsoft.com/entra/identity-platform/v2-protocols-oidc."""
        if tenant == "nowhere":
            self.answer(400, {"error": "invalid_tenant", "error_description": "AADSTS90002: Tenant not found."})
            return
        base = f"{self.server.owner.address}/{tenant}/oauth2/v2.0"
        self.answer(
            200,
            {
                "issuer": f"{self.server.owner.address}/{tenant}/v2.0",
                "authorization_endpoint": f"{base}/authorize",
                "token_endpoint": f"{base}/token",
                "device_authorization_endpoint": f"{base}/devicecode",
            },
        )

    def _spoil(self, how: str) -> None:
        match how:
            case "html":
                self.answer(200, b"<html><body>Welcome to the hotel. Please sign in.</body></html>")
            case "portal":
                self.send_response(302)
                self.send_header("Location", f"{self.server.owner.address}/portal")
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")
            case "truncated":
                self.answer(200, b'{"access_token": "half a tok')
            case "cut":
                self.send_response(200)
                self.send_header("Content-Length", "500")
                self.end_headers()
                self.wfile.write(b'{"access_token": "x"}')
            case "list":
                self.answer(200, [1, 2])
            case "empty":
                self.answer(200, {})
            case "busy":
                self.answer(503, {"error": "server_error"})
            case "throttled":
                self.answer(429, {"error": "too many"})
            case "endless":
                self.send_response(200)
                self.end_headers()
                with contextlib.suppress(OSError):
                    while True:
                        self.wfile.write(b" " * 4096)
