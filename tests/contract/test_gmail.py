"""The Gmail connector keeps the contract, and asks for nothing but what reads, and new drafts."""

from collections.abc import Iterator

import pytest

from tests.contract.gmail_world import GmailWorld
from tests.contract.mailbox import MailboxContract
from tests.contract.world import World
from tests.servers.gmail import Gmail


@pytest.fixture(params=["the draft's id stays", "the draft's id changes"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    """An empty mailbox; afterwards the server's own record is looked at."""
    with Gmail() as server:
        server.chunked = request.param.endswith("changes")
        yield GmailWorld(server, rotates=request.param.endswith("changes"))
        written = {(each.method, each.path) for each in server.asked if each.method != "GET"}
        assert written <= {("POST", "/gmail/v1/users/me/drafts")}


class TestGmail(MailboxContract):
    """Gmail."""
