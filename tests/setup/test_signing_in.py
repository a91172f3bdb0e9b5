"""Getting in: by password, on the provider's own page, and where the password is kept."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import keyring
import pytest

from agent.setup import keeping
from agent.setup.asking import Given
from agent.setup.entrance import Sought
from agent.setup.keeping import NotKept, Typed
from agent.setup.providers import for_domain
from agent.setup.signing_in import Inside, _tried, keep, way_in, with_api, with_password
from agent.setup.values import Server, Stopped, Way
from connectors.account import Account, Tls
from tests.connectors.test_oauth_connectors import Owned, OwnedGraph
from tests.servers import USER
from tests.servers.dovecot import Dovecot
from tests.servers.gmail import Gmail
from tests.servers.oauth import CLIENT_ID, SignInServer
from tests.servers.person import Person, at_home, google, microsoft
from tests.setup.keyrings import Working
from tests.setup.scripted import Scripted

ALICE = Account(name="home", connector="", addresses=(USER,))


def at(server: Dovecot) -> Sought:
    return Sought(servers=(Server(host="127.0.0.1", port=server.port, tls=Tls.NONE),))


# By password ----------------------------------------------------------------------------------------------------------


def test_the_password_is_tried_before_it_is_kept() -> None:
    """Two that are wrong, then the right one; none of them is in what would be written or shown."""
    with Dovecot() as server:
        talk = Scripted({"The password": ["no", "nor this", server.password]})
        inside = with_password(talk, Given(), at(server), ALICE)
    assert inside.survey is not None
    assert inside.typed == Typed(server.password)
    assert "password" not in inside.entry
    assert "nor this" not in repr(inside) + "\n".join(talk.shown)


def test_another_user_name() -> None:
    """Some providers want something else than the address."""
    with Dovecot() as server:
        talk = Scripted({"The password": server.password, "User name": USER})
        inside = with_password(talk, Given(), at(server), replace(ALICE, addresses=("a.adams@example.com",)))
    assert inside.entry["username"] == USER


def test_the_part_before_the_at() -> None:
    """A provider that wants it is given it, without a question."""
    icloud = for_domain("icloud.com")
    assert icloud is not None
    with Dovecot() as server:
        local = at(server).servers[0]
        talk = Scripted({"The app-specific password": ["x", server.password], "User name": USER})
        with_password(talk, Given(), Sought(servers=(local,), provider=replace(icloud, server=local)), ALICE)
    assert "Signing in at 127.0.0.1 as alice ..." in talk.shown


def test_an_empty_password() -> None:
    with Dovecot() as server:
        talk = Scripted({"The password": ["", " ", server.password]})
        with_password(talk, Given(), at(server), ALICE)
    assert sum("opens nothing" in said for said in talk.shown) == 2


def test_a_server_that_has_gone_meanwhile() -> None:
    """It is tried again for as long as the user wants, with the same password."""
    account = replace(ALICE, connector="imap", host="127.0.0.1", port=9, tls=Tls.NONE, password=Typed("x"))
    assert _tried(Scripted(), account) == (account, None)
    talk = Scripted({"Try once more?": "n"})
    with pytest.raises(Stopped, match="again later"):
        _tried(talk, account)
    assert any(said.startswith("That did not work now: nobody answers") for said in talk.shown)


@pytest.mark.parametrize(
    ("given", "way"),
    [
        (Given(), Way.PASSWORD),
        (Given(client=Path("x")), Way.GOOGLE),
        (Given(client_id="x"), Way.MICROSOFT),
        (Given(host="imap.firm.example"), Way.PASSWORD),
        (Given(password_command="pass"), Way.PASSWORD),
    ],
)
def test_which_way(given: Given, way: Way) -> None:
    """What the command line gives decides; else the shortest is the default."""
    assert way_in(Scripted(), given, for_domain("gmail.com")) is way


def test_the_api_on_request() -> None:
    assert way_in(Scripted({"Which one": "2"}), Given(), for_domain("gmail.com")) is Way.GOOGLE
    assert way_in(Scripted(), Given(), for_domain("hotmail.com")) is Way.MICROSOFT


# On the provider's page -----------------------------------------------------------------------------------------------


class AtTheLink(Scripted):
    """Somebody who opens the link, or enters the code, that the terminal shows."""

    def __init__(self, provider: SignInServer, answers: dict[str, str | list[str]]) -> None:
        super().__init__(answers)
        self._person = Person(provider)

    def say(self, text: str = "") -> None:
        super().say(text)
        self._person._reads(text)


@pytest.fixture
def provider(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SignInServer]:
    with SignInServer() as one:
        at_home(one, tmp_path, monkeypatch)
        yield one


def test_googles_own_api(provider: SignInServer, tmp_path: Path) -> None:
    """A file that is not there is asked for anew; the mailbox is opened before anything is written."""
    server = Gmail(USER)
    server.tokens = Owned(provider)
    account = google(provider, tmp_path, endpoint=server.url)
    talk = AtTheLink(provider, {"The client_secret.json": ["/none", str(account.client)]})
    with server:
        inside = with_api(talk, Given(), Way.GOOGLE, for_domain("gmail.com"), account)
    assert inside.entry == {"name": "g", "connector": "gmail", "address": USER, "client": str(account.client)}


def test_microsofts_own_api(provider: SignInServer) -> None:
    """Without a browser here, with a code."""
    server = OwnedGraph(provider)
    account = microsoft(provider, endpoint=server.url)
    talk = AtTheLink(provider, {"Application (client) ID": CLIENT_ID})
    with server:
        inside = with_api(talk, Given(), Way.MICROSOFT, for_domain("outlook.com"), account)
    assert (inside.entry["client_id"], inside.entry["tenant"]) == (CLIENT_ID, "common")
    assert any(" the code " in said for said in talk.shown)


def test_a_sign_in_that_fails(provider: SignInServer) -> None:
    """The reason, and what to do."""
    account = microsoft(provider)
    talk = AtTheLink(provider, {"Application (client) ID": "11111111-0000-0000-0000-000000000000"})
    with pytest.raises(Stopped, match=r"The sign-in did not work: (.|\n)*Run `afterword init` again"):
        with_api(talk, Given(), Way.MICROSOFT, None, account)


# Where it is kept -----------------------------------------------------------------------------------------------------


@pytest.fixture
def inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Inside]:
    monkeypatch.setenv("KEYRING_FILE", str(tmp_path / "keyring.json"))
    monkeypatch.setattr(keeping, "_PATIENCE", 2.0)
    before = keyring.get_keyring()
    keyring.set_keyring(Working())
    yield Inside(account=ALICE, entry={"name": "home"}, typed=Typed("se cret"))
    keyring.set_keyring(before)


def test_in_the_keyring(inside: Inside, tmp_path: Path) -> None:
    """The first choice, where there is one."""
    assert keep(Scripted(), inside, tmp_path / "config.yaml") == {"name": "home", "password": {"keyring": "yes"}}
    assert keyring.get_password("afterword", "home") == "se cret"


def test_in_a_file(inside: Inside, tmp_path: Path) -> None:
    kept = keep(Scripted({"Where": "2"}), inside, tmp_path / "config.yaml")
    assert kept["password"] == {"file": "home.password"}
    assert keyring.get_password("afterword", "home") is None


@pytest.mark.parametrize(
    ("command", "why"),
    [("echo other", "does not print"), ("no-such-program", "is not installed"), ("a 'b", "quot"), ("", "not print")],
)  # fmt: skip
def test_by_a_program(inside: Inside, tmp_path: Path, command: str, why: str) -> None:
    """It has to give the password that was just right."""
    talk = Scripted({"Where": "3", "The program": "echo 'se cret'"})
    assert keep(talk, inside, tmp_path / "config.yaml")["password"] == {"command": ["echo", "se cret"]}
    with pytest.raises(NotKept, match=why):
        keep(Scripted({"Where": "3", "The program": command}), inside, tmp_path / "config.yaml")
