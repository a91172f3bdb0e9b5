"""A sign-in server on loopback that answers as Google's and Microsoft's do, over https, and tells Dovecot who is who.

Written from the providers' pages: developers.google.com/identity/protocols/oauth2/native-app (Google),
learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow and v2-oauth2-device-code (Microsoft). The real
libraries are its clients. What it does not have: pages for people (a link signs in at once), signatures on id tokens
(msal does not look at them), and anything that no client of ours asks for.

with SignInServer() as server:
    server.revoke()         # every refresh token is dead
    server.expire()         # every access token is
    server.spoilt = "html"  # a captive portal answers instead
"""

import base64
import hashlib
import json
import secrets
import shutil
import ssl
import threading
from dataclasses import dataclass
from typing import Any, Self

from tests.servers import USER, short_directory
from tests.servers.certificates import usual_certificates
from tests.servers.oauth_web import Introspection, Web, listening

CLIENT_ID = "11111111-2222-3333-4444-555555555555"
SECRET = "GOCSPX-a-desktop-secret"
DEVICE = "urn:ietf:params:oauth:grant-type:device_code"
NO_CONSENT_TO_SAY = ("openid", "profile", "offline_access")
"""What msal asks for by itself."""


@dataclass(frozen=True, kw_only=True)
class Grant:
    """What a person agreed to."""

    who: str
    scopes: tuple[str, ...]
    challenge: str = ""
    redirect_uri: str = ""
    nonce: str = ""


class SignInServer:
    """One server for both providers; all switches may be turned at any time."""

    def __init__(self) -> None:
        self.home = short_directory("oauth")
        certificates = usual_certificates(self.home)
        self.ca = certificates.ca
        self.who = USER
        """Who sits before the browser."""
        self.granted: tuple[str, ...] | None = None
        """What is granted instead of what is asked for."""
        self.denies = ""
        """The error that the person's answer is, such as access_denied."""
        self.spoilt = ""
        """html, truncated, list, busy (500), throttled (429), endless: what the token endpoint gives instead."""
        self.refusal: dict[str, Any] = {}
        """An error that the token endpoint answers everything with."""
        self.testing = False
        """Google: the client is in testing, and its refresh tokens live for seven days."""
        self.lifetime: object = 3599
        self.asked: list[tuple[str, dict[str, str]]] = []
        """Every request: its path, and its query or form."""
        self._grants: dict[str, Grant] = {}
        self._refresh: dict[str, Grant] = {}
        self._access: dict[str, Grant] = {}
        self._device: dict[str, str] = {}
        self._lock = threading.Lock()
        self._web = listening(self, Web)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificates.cert, certificates.key)
        self._web.socket = context.wrap_socket(self._web.socket, server_side=True, do_handshake_on_connect=False)
        self._introspection = listening(self, Introspection)
        self.address = f"https://localhost:{self._web.server_port}"
        self.tokeninfo = f"http://127.0.0.1:{self._introspection.server_port}/tokeninfo?access_token="

    def __enter__(self) -> Self:
        for each in (self._web, self._introspection):
            threading.Thread(target=each.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *exc: object) -> None:
        for each in (self._web, self._introspection):
            each.shutdown()
            each.server_close()
        shutil.rmtree(self.home, ignore_errors=True)

    def client_secret(self) -> dict[str, Any]:
        """``client_secret.json`` of a desktop client, as Google's console gives it."""
        return {
            "installed": {
                "client_id": CLIENT_ID,
                "project_id": "x",
                "auth_uri": "https://accounts.google.com/o/oauth2/auth",
                "token_uri": "https://oauth2.googleapis.com/token",
                "client_secret": SECRET,
                "redirect_uris": ["http://localhost"],
            }
        }

    def expire(self) -> None:
        """Every access token given so far is over."""
        self._access.clear()

    def revoke(self) -> None:
        """The person has removed our access."""
        self._access.clear()
        self._refresh.clear()

    def enter(self, user_code: str) -> None:
        """The person enters a device code and agrees."""
        grant = self._grants[self._device[user_code]]
        self._grants[self._device[user_code]] = Grant(who=self.who, scopes=self.granted or grant.scopes)

    def owner(self, access: str) -> str | None:
        """Whose access token that is, while it lives."""
        grant = self._access.get(access)
        return grant.who if grant else None

    def latest(self) -> str | None:
        """The newest access token that lives."""
        return next(reversed(self._access), None)

    def renewals(self) -> int:
        """How often a refresh token was used."""
        return sum(form.get("grant_type") == "refresh_token" for _, form in self.asked)

    # What the endpoints do; each gives a status and an answer.

    def authorize(self, query: dict[str, str]) -> dict[str, str]:
        """What the browser takes back."""
        answer = {"state": query["state"]}
        if self.denies:
            answer["error"] = self.denies
        else:
            answer["code"] = code = secrets.token_urlsafe(8)
            self._grants[code] = Grant(
                who=self.who,
                scopes=self.granted or tuple(query["scope"].split()),
                challenge=query["code_challenge"],
                redirect_uri=query["redirect_uri"],
                nonce=query.get("nonce", ""),
            )
        return answer

    def device_code(self, form: dict[str, str]) -> dict[str, Any]:
        """learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code."""
        device, user = secrets.token_urlsafe(8), secrets.token_hex(4).upper()
        self._grants[device] = Grant(who="", scopes=tuple(form["scope"].split()))
        self._device[user] = device
        return {
            "device_code": device,
            "user_code": user,
            "verification_uri": "https://microsoft.com/devicelogin",
            "expires_in": 900,
            "interval": 1,
            "message": "To sign in, ...",
        }

    def token(self, form: dict[str, str], *, microsoft: bool) -> tuple[int, dict[str, Any]]:
        """RFC 6749 4.1.3, 6 and RFC 8628 3.4."""
        if self.refusal:
            return 400, self.refusal
        if form.get("client_id") != CLIENT_ID or (not microsoft and form.get("client_secret") != SECRET):
            return 401, {"error": "invalid_client"}
        with self._lock:
            grant = self._granted(form)
            if grant is None:
                return 400, {"error": "invalid_grant", "error_description": "Token has been expired or revoked."}
            if not grant.who:
                return 400, {"error": self.denies or "authorization_pending"}
            if not microsoft and set(form.get("scope", "").split()) - set(grant.scopes):
                return 400, {"error": "invalid_scope"}  # RFC 6749 6: never more than was granted
            return 200, self._tokens(grant, form, microsoft=microsoft)

    def _granted(self, form: dict[str, str]) -> Grant | None:
        if form["grant_type"] == "refresh_token":
            return self._refresh.get(form["refresh_token"])
        if form["grant_type"] == DEVICE:
            return self._grants.get(form["device_code"])
        grant = self._grants.pop(form["code"], None)  # a code is good once
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        proven = grant and grant.challenge == base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        return grant if grant and proven and grant.redirect_uri == form["redirect_uri"] else None

    def _tokens(self, grant: Grant, form: dict[str, str], *, microsoft: bool) -> dict[str, Any]:
        access, refresh = secrets.token_urlsafe(16), secrets.token_urlsafe(16)
        renewing = form["grant_type"] == "refresh_token"
        self._access[access] = grant
        shown = [each for each in grant.scopes if each not in NO_CONSENT_TO_SAY] if microsoft else grant.scopes
        answer = {"access_token": access, "expires_in": self.lifetime, "token_type": "Bearer", "scope": " ".join(shown)}
        if microsoft:
            self._refresh.pop(form.get("refresh_token", ""), None)  # Microsoft's rotate
            claims = {"sub": "s", "oid": "o", "preferred_username": grant.who, "aud": CLIENT_ID, "nonce": grant.nonce}
            answer |= {"client_info": _part({"uid": "u", "utid": "t"}), "id_token": f"{_part({})}.{_part(claims)}.x"}
        elif renewing:
            return answer  # Google's stay
        self._refresh[refresh] = grant
        answer["refresh_token"] = refresh
        return answer | ({"refresh_token_expires_in": 7 * 86400 - 1} if self.testing else {})


def _part(claims: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
