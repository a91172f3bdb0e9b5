"""The Outlook connector keeps the contract, and writes nothing but drafts while it does."""

import re
from collections.abc import Iterator

import pytest

from tests.contract.mailbox import MailboxContract
from tests.contract.outlook_world import OutlookWorld
from tests.contract.world import World
from tests.servers.graph import GraphServer, Request


@pytest.fixture
def world() -> Iterator[World]:
    """An empty mailbox. Afterwards the server's own record tells what was written, and that ids were immutable."""
    with GraphServer() as server:
        yield OutlookWorld(server)
        assert [each for each in server.written() if not _is_draft_or_mended(each)] == []
        assert all('IdType="ImmutableId"' in each.headers["prefer"] for each in server.requests)


def _is_draft_or_mended(request: Request) -> bool:
    """A draft is made, or a mail that answering has marked as read is marked as unread again."""
    if request.method == "PATCH":
        return request.body == {"isRead": False}
    return request.method == "POST" and re.fullmatch(r"/me/messages(/[^/]+/createReply)?", request.path) is not None


class TestOutlook(MailboxContract):
    """Outlook."""
