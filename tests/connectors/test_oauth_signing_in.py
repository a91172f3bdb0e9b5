"""Signing in with Google and Microsoft: their own libraries, over https, against a server that answers as theirs do."""

import logging
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from connectors import oauth
from connectors.account import Account
from connectors.oauth import redirect, sign_in, tokens_of
from connectors.oauth.source import GMAIL, GOOGLE_IMAP, GRAPH, MICROSOFT_IMAP
from connectors.oauth.web import guarded
from connectors.port import Refused, Unavailable
from tests.servers import USER
from tests.servers.oauth import SignInServer
from tests.servers.person import Person, at_home, google, microsoft


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SignInServer]:
    """The provider, trusted."""
    with SignInServer() as one:
        at_home(one, tmp_path, monkeypatch)
        yield one


@pytest.fixture
def person(server: SignInServer) -> Person:
    """Alice."""
    return Person(server)


def refusal(account: Account, person: Person, *, device: bool = False) -> str:
    """Why the sign-in fails; nothing is kept of it, and no address is told."""
    with pytest.raises(Refused) as refused:
        sign_in(account, asking=person.with_a_link(), device=device)
    assert oauth.age(account) is None
    assert USER not in str(refused.value)
    return str(refused.value)


def test_google_by_browser(server: SignInServer, person: Person, tmp_path: Path) -> None:
    """The scopes asked for are the two of Gmail, with PKCE, and the token is Alice's."""
    account = google(server, tmp_path)
    sign_in(account, asking=person.with_a_browser())
    assert server.owner(tokens_of(account, scopes=GMAIL).current()) == USER
    path, query = server.asked[0]
    assert path == "/o/oauth2/auth"
    assert query["scope"].split() == list(GMAIL)
    assert query["code_challenge_method"] == "S256"
    assert query["access_type"] == "offline"
    assert query["redirect_uri"].startswith("http://127.0.0.1:")
    assert "You can close this page" in person.pages[0]
    age = oauth.age(account)
    assert age is not None
    assert age.ends is None


def test_microsoft_by_browser(server: SignInServer, person: Person) -> None:
    """Mail.ReadWrite and User.Read, with PKCE, on the redirect that Entra has for desktop programs."""
    account = microsoft(server, tenant="organizations")
    sign_in(account, asking=person.with_a_browser())
    assert server.owner(tokens_of(account, scopes=GRAPH).current()) == USER
    query = next(query for path, query in server.asked if path == "/organizations/oauth2/v2.0/authorize")
    assert {"Mail.ReadWrite", "User.Read", "offline_access"} <= set(query["scope"].split())
    assert "Mail.Send" not in query["scope"]
    assert query["code_challenge_method"] == "S256"
    assert query["redirect_uri"].startswith("http://localhost:")


def test_nothing_of_msal_is_logged(server: SignInServer, person: Person, caplog: pytest.LogCaptureFixture) -> None:
    """Some of its versions warn of a wrong clock with all claims of the token, the address among them."""
    sign_in(microsoft(server), asking=person.with_a_browser())
    logging.getLogger("msal.oauth2cli.oidc").warning("claims of %s", USER)
    assert USER not in caplog.text


def test_microsoft_by_device_code(server: SignInServer, person: Person) -> None:
    """The page and the code are told, and the sign-in is there when the code was entered."""
    account = microsoft(server)
    sign_in(account, asking=person.with_a_link(), device=True)
    assert "https://microsoft.com/devicelogin" in person.told[0]
    assert server.owner(tokens_of(account, scopes=GRAPH).current()) == USER


@pytest.mark.parametrize("provider", ["google", "microsoft"])
def test_imap_asks_for_imap(provider: str, server: SignInServer, person: Person, tmp_path: Path) -> None:
    """The scope of an IMAP account is its provider's for IMAP and no other."""
    account = (
        google(server, tmp_path, connector="imap") if provider == "google" else microsoft(server, connector="imap")
    )
    sign_in(account, asking=person.with_a_link())
    scope = {"google": GOOGLE_IMAP, "microsoft": MICROSOFT_IMAP}[provider]
    asked = [set(query["scope"].split()) for _, query in server.asked if "code_challenge" in query]
    assert [each - {"openid", "profile", "offline_access"} for each in asked] == [{scope}]
    assert server.owner(tokens_of(account, scopes=(scope,)).current()) == USER


def test_without_a_browser_the_port_can_be_forwarded(
    server: SignInServer, person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The link, and the ssh command for the port it comes back to: the usual one, or another if that is taken."""
    account = google(server, tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as other:
        monkeypatch.setattr(redirect, "USUAL_PORT", other.getsockname()[1])
        sign_in(account, asking=person.with_a_link())
    link, hint = person.told[1], person.told[-1]
    port = hint.split(":")[0].split()[-1]
    assert hint == f"ssh -L {port}:127.0.0.1:{port} HOST"
    assert f"127.0.0.1%3A{port}%2F" in link
    assert int(port) != redirect.USUAL_PORT
    for _ in range(2):  # also right behind each other, while the kernel still knows the first connection
        sign_in(account, asking=person.with_a_link())
        assert f"ssh -L {redirect.USUAL_PORT}:" in person.told[-1]


def test_whoever_else_comes_by_does_not_end_the_wait(server: SignInServer, person: Person, tmp_path: Path) -> None:
    """A scanner, the browser's request for an icon, and an answer with a foreign state are sent away."""
    strangers = ["", "favicon.ico", "?code=evil&state=guessed", "?error=x", "?" + "&".join("abcdefghijklmnopqrstuvw")]
    seen: list[int] = []

    def visit(link: str) -> None:
        port = link.partition("127.0.0.1%3A")[2].partition("%2F")[0]
        seen.extend(requests.get(f"http://127.0.0.1:{port}/{each}", timeout=10).status_code for each in strangers)
        person.open(link)

    account = google(server, tmp_path)
    sign_in(account, asking=oauth.Asking(person.told.append, visit))
    assert seen == [404] * len(strangers)
    assert server.owner(tokens_of(account, scopes=GMAIL).current()) == USER


def test_nobody_comes(server: SignInServer, person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After ten minutes the sign-in is given up."""
    monkeypatch.setattr(redirect, "WAIT", 0.2)
    with pytest.raises(Refused, match="nobody signed in within"):
        sign_in(google(server, tmp_path), asking=oauth.Asking(person.told.append, lambda _: True))


def test_google_grants_more(server: SignInServer, person: Person, tmp_path: Path) -> None:
    """What could do more than Afterword does is not kept."""
    server.granted = (*GMAIL, "https://www.googleapis.com/auth/gmail.modify")
    sentence = refusal(google(server, tmp_path), person)
    assert "granted more" in sentence
    assert "myaccount.google.com/connections" in sentence


def test_google_grants_less(server: SignInServer, person: Person, tmp_path: Path) -> None:
    """A box that was not ticked is named."""
    server.granted = GMAIL[:1]
    assert "(gmail.compose). Tick every box" in refusal(google(server, tmp_path), person)


@pytest.mark.parametrize("device", [False, True])
def test_microsoft_grants_sending(server: SignInServer, person: Person, device: bool) -> None:
    """Mail.Send is no right that Afterword may have."""
    server.granted = (*GRAPH, "https://graph.microsoft.com/Mail.Send")
    assert "Remove Mail.Send from its API permissions" in refusal(microsoft(server), person, device=device)


def test_microsoft_grants_less(server: SignInServer, person: Person) -> None:
    """What is missing is named, and scopes with the resource before them are the same scopes."""
    server.granted = ("https://graph.microsoft.com/User.Read",)
    assert "(Mail.ReadWrite). Add it" in refusal(microsoft(server), person)
    server.granted = tuple(f"https://graph.microsoft.com/{each}" for each in GRAPH)
    sign_in(microsoft(server), asking=person.with_a_link())


@pytest.mark.parametrize(
    ("provider", "error", "sentence"),
    [
        ("google", "access_denied", "add yourself to its test users"),
        ("google", "admin_policy_enforced", "does not sign in account `g` (admin_policy_enforced)"),
        ("google", "<script>", "does not sign in account `g` (unknown)"),
        ("microsoft", "access_denied", "access was not granted to account `m`"),
        ("device", "authorization_declined", "access was not granted to account `m`"),
        ("device", "expired_token", "nobody entered the code in time"),
    ],
)
def test_the_person_says_no(
    provider: str, error: str, sentence: str, server: SignInServer, person: Person, tmp_path: Path
) -> None:
    """Or the provider does: a sentence with what to do."""
    server.denies = error
    server.enter = lambda _: None  # type: ignore[method-assign] # the person declines on the page instead
    account = google(server, tmp_path) if provider == "google" else microsoft(server)
    assert sentence in refusal(account, person, device=provider == "device")


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (700016, "does not know the application in `client_id:`"),
        (7000218, "Allow public client flows"),
        (53003, "try a browser instead of `--device`"),
        (90094, "an administrator of your organisation has to agree"),
    ],
)
def test_what_microsofts_numbers_mean(number: int, sentence: str, server: SignInServer, person: Person) -> None:
    """The errors that people meet, in words."""
    server.refusal = {"error": "invalid_client", "error_description": f"AADSTS{number}: ...", "error_codes": [number]}
    assert sentence in refusal(microsoft(server), person)


def test_a_tenant_that_is_none(server: SignInServer, person: Person) -> None:
    """Told before anybody opens a browser."""
    assert "`tenant:` is common, organizations" in refusal(microsoft(server, tenant="nowhere"), person)
    assert person.told == []


@pytest.mark.parametrize(
    "spoilt", ["html", "portal", "truncated", "cut", "list", "busy", "throttled", "endless", "empty"]
)
@pytest.mark.parametrize("provider", ["google", "microsoft", "device"])
def test_no_answer_of_a_sign_in_server(
    provider: str, spoilt: str, server: SignInServer, person: Person, tmp_path: Path
) -> None:
    """A captive portal, half an answer, a server in trouble: unavailable, and nothing is kept."""
    server.spoilt = spoilt
    account = google(server, tmp_path) if provider == "google" else microsoft(server)
    with pytest.raises((Unavailable, Refused)) as failed:
        sign_in(account, asking=person.with_a_link(), device=provider == "device")
    assert isinstance(failed.value, Unavailable), failed.value
    assert oauth.age(account) is None


def test_a_server_nobody_trusts(server: SignInServer, person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """A portal that shows its own certificate, or a clock that is wrong by years."""
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    with pytest.raises(Unavailable, match="clock is wrong"):
        sign_in(microsoft(server), asking=person.with_a_link())


def test_plain_http_is_refused(server: SignInServer, person: Person, tmp_path: Path) -> None:
    """A token never goes in the clear, not even on this machine."""
    plain = server.address.replace("https", "http")
    for account in (google(server, tmp_path, authority=plain), microsoft(server, authority=plain)):
        assert "must be reached by https" in refusal(account, person)


def test_the_way_to_the_web_knows_no_plain_http(server: SignInServer) -> None:
    """Whatever address a library comes up with, a token cannot go there."""
    with pytest.raises(requests.exceptions.InvalidSchema):
        guarded().get(server.tokeninfo)


def test_google_has_no_device_codes(server: SignInServer, person: Person, tmp_path: Path) -> None:
    """Its device flow does not know Gmail's scopes."""
    assert "use `--no-browser`" in refusal(google(server, tmp_path), person, device=True)


def test_without_googles_library(
    server: SignInServer, person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The extra is named, with the command that installs it."""
    monkeypatch.setitem(sys.modules, "google_auth_oauthlib", None)
    assert "afterword[gmail]" in refusal(google(server, tmp_path), person)


def test_an_account_with_a_password_needs_no_sign_in() -> None:
    """Nothing is asked, and nothing kept."""
    account = Account(name="home", connector="imap", addresses=(USER,))
    with pytest.raises(Refused, match="needs no sign-in"):
        sign_in(account, asking=oauth.Asking(print))
    assert not oauth.signs_in(account)


def test_nothing_heavy_is_loaded_for_others() -> None:
    """A password user waits for neither msal nor Google nor a web library."""
    script = (
        "import sys, connectors.oauth, connectors.imap; "
        "print([each for each in ('requests', 'msal', 'google', 'keyring', 'http.server') if each in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=os.environ)
    assert done.stdout.strip() == "[]"
