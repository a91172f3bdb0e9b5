"""What an account asks its provider for, and what is wrong with client_secret.json is said before a browser opens."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.account import Account
from connectors.oauth import scopes_of, sign_in
from connectors.port import Refused
from tests.servers.oauth import CLIENT_ID, SignInServer
from tests.servers.person import Person, at_home, google


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


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "is no client_secret.json"),
        ("[1]", "is no client of the type"),
        ('{"web": {"client_id": "x"}}', "Desktop app"),
        ('{"installed": {"client_id": "x"}}', "lacks 'client_secret'"),
        (
            '{"installed": {"client_id": 1, "client_secret": "", "auth_uri": "", "token_uri": ""}}',
            "is no client_secret",
        ),
        (None, "cannot be read: No such file"),
    ],
)
def test_a_client_file_that_is_none(
    text: str | None, sentence: str, server: SignInServer, person: Person, tmp_path: Path
) -> None:
    """Each names the file and what it lacks."""
    account = google(server, tmp_path)
    assert account.client
    account.client.write_text(text) if text is not None else account.client.unlink()
    with pytest.raises(Refused) as refused:
        sign_in(account, asking=person.with_a_link())
    assert sentence in str(refused.value)
    assert person.told == []


def test_a_client_that_leads_elsewhere_in_the_clear(server: SignInServer, person: Person, tmp_path: Path) -> None:
    """An http address in the file itself is refused too."""
    account = google(server, tmp_path, authority="")
    assert account.client
    made = server.client_secret()
    made["installed"]["token_uri"] = "http://oauth2.example.org/token"
    account.client.write_text(json.dumps(made))
    with pytest.raises(Refused, match="must be reached by https"):
        sign_in(account, asking=person.with_a_link())


@pytest.mark.parametrize(
    ("settings", "scopes"),
    [
        ({"connector": "outlook"}, ("Mail.ReadWrite", "User.Read")),
        ({"connector": "outlook", "endpoint": "https://graph.microsoft.com"}, ("Mail.ReadWrite", "User.Read")),
        (
            {"connector": "outlook", "endpoint": "https://graph.microsoft.us"},
            ("https://graph.microsoft.us/Mail.ReadWrite", "https://graph.microsoft.us/User.Read"),
        ),
        (
            {"host": "outlook.office365.com", "authority": "https://login.microsoftonline.com"},
            ("https://outlook.office.com/IMAP.AccessAsUser.All",),
        ),
        (
            {"host": "partner.outlook.cn", "authority": "https://login.partner.microsoftonline.cn"},
            ("https://partner.outlook.cn/IMAP.AccessAsUser.All",),
        ),
        (
            {"host": "outlook.office365.us", "authority": "https://login.microsoftonline.us"},
            ("https://outlook.office365.us/IMAP.AccessAsUser.All",),
        ),
    ],
)
def test_a_sovereign_cloud_is_asked_for_its_own(settings: dict[str, str], scopes: tuple[str, ...]) -> None:
    """A token for the world's Exchange or Graph opens nothing there."""
    defaults = {"name": "work", "connector": "imap", "client_id": CLIENT_ID}
    account = Account(addresses=("ana@contoso.example",), **(defaults | settings))  # type: ignore[arg-type] # as named
    assert scopes_of(account) == scopes
