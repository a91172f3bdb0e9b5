"""How far an IMAP server can be reached without signing in."""

import contextlib
import ssl
from datetime import UTC, datetime

from connectors.account import Account
from connectors.imap.signing_in import connect
from connectors.reached import Reached


def reach(account: Account) -> Reached:
    """Connect, and go away again. Raises ``Refused`` and ``Unavailable`` as signing in does."""
    client = connect(account)
    try:
        link = client._imap.sock
        protected = isinstance(link, ssl.SSLSocket)
        return Reached(
            place=f"{account.host} port {account.port}",
            protection=link.version() if protected else None,
            pinned=account.fingerprint is not None,
            certificate_ends=_end(link) if protected else None,
        )
    finally:
        with contextlib.suppress(OSError):
            client.shutdown()


def _end(link: ssl.SSLSocket) -> datetime | None:
    """None for a pinned certificate: what nobody verified is not taken apart (``ssl.SSLSocket.getpeercert``)."""
    ends = (link.getpeercert() or {}).get("notAfter")
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(ends), UTC) if isinstance(ends, str) else None
