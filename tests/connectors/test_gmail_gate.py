"""Nothing can be sent, inserted, changed or removed: the service has no method for it, and the gate no way out."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from googleapiclient.discovery import build_from_document
from googleapiclient.discovery_cache import get_static_doc

from connectors.account import Account
from connectors.gmail.gate import ForbiddenRequest, Gate
from connectors.gmail.line import ROOT, Line
from connectors.gmail.service import METHODS, build_users, trimmed
from connectors.port import Refused
from tests.servers.gmail import Gmail

DOCUMENT = json.loads(get_static_doc("gmail", "v1"))
FORBIDDEN = {
    "send",
    "insert",
    "import_",
    "delete",
    "trash",
    "untrash",
    "modify",
    "update",
    "patch",
    "batchDelete",
    "watch",
}


def _methods(resource: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, method in resource.get("methods", {}).items():
        yield path + name, method
    for name, child in resource.get("resources", {}).items():
        yield from _methods(child, f"{path}{name}.")


EVERY_METHOD = dict(_methods(DOCUMENT["resources"]["users"]))


def _uri(method: Mapping[str, Any]) -> str:
    path = str(method["path"]).replace("{userId}", "me")
    return ROOT + re.sub(r"\{\w+\}", "18f3c2a", path)


@pytest.fixture
def users() -> Any:
    """The service as the connector builds it."""
    account = Account(name="gmail", connector="gmail", addresses=("ana@example.org",))
    return build_users(Line(account, lambda: "token"), ROOT)


def test_the_document_holds_the_methods_and_no_other() -> None:
    """Those that are needed are there, by their names; uploads, which have paths of their own, are not."""
    kept = dict(_methods(trimmed(DOCUMENT, ROOT)["resources"]["users"]))
    assert kept.keys() == METHODS
    assert len(EVERY_METHOD) > 60
    assert not [name for name, method in kept.items() if "mediaUpload" in method]


def test_the_service_has_no_attribute_that_changes_anything(users: Any) -> None:
    """Only the draft can be made. What must never happen has no method, at any depth."""
    looked_at = [
        users,
        users.messages(),
        users.messages().attachments(),
        users.drafts(),
        users.history(),
        users.threads(),
    ]
    assert [name for each in looked_at for name in FORBIDDEN if hasattr(each, name)] == []
    assert hasattr(users.drafts(), "create")
    whole = build_from_document(DOCUMENT, http=object()).users()
    assert hasattr(whole.messages(), "send"), "the untrimmed service could send: the test looks for the right name"


@pytest.mark.parametrize("name", sorted(EVERY_METHOD))
def test_the_gate_lets_through_what_is_on_the_list(name: str) -> None:
    """Every method that Google's document knows: the ten of the list pass, the rest does not leave."""
    method = EVERY_METHOD[name]
    allowed = name in METHODS
    try:
        Gate(ROOT).judge(method["httpMethod"], _uri(method), {})
    except ForbiddenRequest:
        assert not allowed
    else:
        assert allowed


@pytest.mark.parametrize(
    ("method", "uri", "headers"),
    [
        ("POST", "https://gmail.googleapis.com/upload/gmail/v1/users/me/drafts", {}),
        ("POST", "https://gmail.googleapis.com/gmail/v1/users/me/drafts/send", {}),
        ("POST", "https://gmail.googleapis.com/gmail/v1/users/me/drafts/../messages/send", {}),
        ("POST", "https://gmail.googleapis.com/gmail/v1/users/me/drafts%2Fsend", {}),
        ("POST", "https://gmail.googleapis.com/batch", {}),
        ("POST", "https://gmail.googleapis.com/batch/gmail/v1", {}),
        ("POST", "https://gmail.googleapis.com/gmail/v1/users/me/messages", {"x-http-method-override": "GET"}),
        ("POST", "https://gmail.googleapis.com/gmail/v1/users/me/drafts", {"X-HTTP-Method-Override": "DELETE"}),
        ("GET", "https://gmail.googleapis.com/gmail/v1/users/eve@example.org/messages", {}),
        ("GET", "https://gmail.googleapis.com/gmail/v1/users/me/settings/delegates", {}),
        ("GET", "https://gmail.googleapis.com.evil.example/gmail/v1/users/me/messages", {}),
        ("GET", "http://gmail.googleapis.com/gmail/v1/users/me/messages", {}),
        ("GET", "https://evil.example/gmail/v1/users/me/messages", {}),
        ("get", "https://gmail.googleapis.com/gmail/v1/users/me/messages", {}),
    ],
)
def test_no_disguise_passes(method: str, uri: str, headers: dict[str, str]) -> None:
    """Uploads, batches, overrides, other users, other hosts: each raises before it leaves."""
    Gate(ROOT).judge("GET", "https://gmail.googleapis.com/gmail/v1/users/me/messages", {})
    with pytest.raises(ForbiddenRequest):
        Gate(ROOT).judge(method, uri, headers)


def test_the_untrimmed_service_cannot_send_through_the_line_either() -> None:
    """The gate holds by itself: not one byte reaches the server."""
    with Gmail() as server:
        account = Account(name="gmail", connector="gmail", addresses=("ana@example.org",), endpoint=server.url)
        line = Line(account, lambda: "token")
        whole = build_from_document(DOCUMENT | {"rootUrl": line.root}, http=line).users()
        for request in (
            whole.messages().send(userId="me", body={"raw": ""}),
            whole.drafts().send(userId="me", body={"id": "r1"}),
            whole.messages().trash(userId="me", id="1"),
            whole.messages().list(userId="me", q="x" * 3000),  # too long: the library makes a POST of it
        ):
            with pytest.raises(ForbiddenRequest):
                request.execute()
        assert server.asked == []


@pytest.mark.parametrize(
    "endpoint", ["http://gmail.example/", "ftp://127.0.0.1/", "gmail.example", "http://10.0.0.1/", "http://["]
)
def test_no_token_goes_out_in_the_clear(endpoint: str) -> None:
    """Without TLS only this very computer is spoken to."""
    account = Account(name="gmail", connector="gmail", addresses=("ana@example.org",), endpoint=endpoint)
    with pytest.raises(Refused, match="https://"):
        Line(account, lambda: "token")


def test_nobody_else_loads_the_library() -> None:
    """Its 111 MB and half a second are for Gmail accounts alone."""
    program = (
        "import sys, agent.cli, connectors, connectors.imap, connectors.gmail; print('googleapiclient' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize("missing", ["googleapiclient", "httplib2"])
def test_without_the_library_there_is_a_sentence(missing: str) -> None:
    """It names the command to run."""
    program = f"""
import sys
sys.modules[{missing!r}] = None
from connectors import connect
from connectors.account import Account
from connectors.port import Refused
try:
    with connect(Account(name="g", connector="gmail", addresses=("a@example.org",))):
        pass
except Refused as refused:
    print(refused)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "pipx install --force '.[gmail]'" in done.stdout
