"""A server, a proxy before it, and the hands around it: what the tests of the IMAP connector share."""

from collections.abc import Iterator

import pytest

from tests.contract.imap_world import ImapWorld, account_on
from tests.servers.dovecot import Dovecot
from tests.servers.proxy import Proxy


@pytest.fixture
def server() -> Iterator[Dovecot]:
    """Dovecot on loopback."""
    with Dovecot() as one:
        yield one


@pytest.fixture
def proxy(server: Dovecot) -> Iterator[Proxy]:
    """What the connector is connected to."""
    with Proxy(server.port) as one:
        yield one


@pytest.fixture
def world(server: Dovecot, proxy: Proxy) -> Iterator[ImapWorld]:
    """The connector goes through the proxy, the user does not."""
    one = ImapWorld(server, account_on(server, port=proxy.port))
    yield one
    one.close()
