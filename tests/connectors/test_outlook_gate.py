"""What may leave for Microsoft Graph: a list, and nothing beside it, whoever asks."""

import json
from collections.abc import Iterator

import pytest
import requests

from connectors.outlook.gate import ForbiddenRequest, Gate
from tests.servers.graph import GraphServer

ALLOWED = [
    ("GET", "/me?$select=proxyAddresses"),
    ("GET", "/me/mailFolders?$select=id"),
    ("GET", "/me/mailFolders/AQMk=/childFolders"),
    ("GET", "/me/mailFolders/inbox/messages/delta?changeType=created"),
    ("GET", "/me/mailFolders('AQMk-x_=')/messages/delta?$skiptoken=abc"),
    ("GET", "/users('u-1')/mailFolders/AQMk/messages/delta?$deltatoken=abc"),
    ("GET", "/me/messages?$filter=a"),
    ("GET", "/me/messages/AAkALg-x_%3D/$value"),
    ("GET", "/me/messages/AAkALg/attachments/BB/$value"),
    ("POST", "/me/messages"),
    ("POST", "/me/messages/AAkALg/createReply"),
]
FORBIDDEN = [
    ("POST", "/me/sendMail"),
    ("POST", "/me/messages/AAkALg/send"),
    ("POST", "/me/messages/AAkALg/reply"),
    ("POST", "/me/messages/AAkALg/replyAll"),
    ("POST", "/me/messages/AAkALg/forward"),
    ("POST", "/me/messages/AAkALg/move"),
    ("POST", "/me/messages/AAkALg/copy"),
    ("POST", "/me/messages/AAkALg/createForward"),
    ("POST", "/me/messages/AAkALg/permanentDelete"),
    ("POST", "/me/messages/a%2Fsend%2f..%2Fcreate/createReply"),
    ("POST", "/me/messages?x=/me/messages/a/send"),
    ("POST", "/$batch"),
    ("POST", "/me/mailFolders"),
    ("POST", "/me/mailFolders/inbox/messageRules"),
    ("POST", "/subscriptions"),
    ("PUT", "/me/messages/AAkALg"),
    ("DELETE", "/me/messages/AAkALg"),
    ("DELETE", "/me/mailFolders/drafts/messages/AAkALg"),
    ("GET", "/me/events"),
    ("GET", "/users"),
    ("PATCH", "/me"),
]
MENDS: list[tuple[object, bool]] = [
    ({"isRead": False}, True),
    ({"body": {"contentType": "html", "content": ""}}, True),
    ({"body": {}, "toRecipients": []}, True),
    ({"isRead": True}, False),
    ({"isRead": False, "body": {}}, False),
    ({"isDraft": False}, False),
    ({"flag": {"flagStatus": "flagged"}}, False),
    ({"categories": ["x"]}, False),
    ({}, False),
    ([], False),
]


@pytest.fixture
def server() -> Iterator[GraphServer]:
    """What must not be reached by anything forbidden."""
    with GraphServer() as one:
        yield one


def _asks(server: GraphServer, method: str, url: str, body: object = None) -> None:
    session = requests.Session()
    session.mount("http://", Gate(server.url))
    content = None if body is None else json.dumps(body)
    session.request(method, url, data=content, headers={"Content-Type": "application/json"}, timeout=5).close()


@pytest.mark.parametrize(("method", "path"), ALLOWED)
def test_what_is_on_the_list_leaves(server: GraphServer, method: str, path: str) -> None:
    _asks(server, method, server.url + path)
    assert [each.method for each in server.requests] == [method]


@pytest.mark.parametrize(("method", "path"), FORBIDDEN)
def test_what_is_not_on_the_list_does_not_leave(server: GraphServer, method: str, path: str) -> None:
    with pytest.raises(ForbiddenRequest):
        _asks(server, method, server.url + path)
    assert server.requests == []


@pytest.mark.parametrize(("body", "allowed"), MENDS)
def test_a_patch_only_mends(server: GraphServer, body: object, *, allowed: bool) -> None:
    """Marking as unread again, or words and recipients of a draft; a mail is never flagged, filed or marked as read."""
    if not allowed:
        with pytest.raises(ForbiddenRequest):
            _asks(server, "PATCH", f"{server.url}/me/messages/AAkALg", body)
    else:
        _asks(server, "PATCH", f"{server.url}/me/messages/AAkALg", body)
    assert len(server.requests) == allowed


def test_another_host_is_not_reached(server: GraphServer) -> None:
    """The token is for one API: neither another server nor another version of it is asked."""
    for url in (
        server.url.replace("127.0.0.1", "localhost") + "/me",
        server.url.replace("/v1.0", "/beta") + "/me",
        server.url + ".evil.example/me",
    ):
        with pytest.raises(ForbiddenRequest):
            _asks(server, "GET", url)
    assert server.requests == []
