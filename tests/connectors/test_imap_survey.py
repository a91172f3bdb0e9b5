"""What a mailbox looks like before anybody has configured it."""

from connectors import survey
from connectors.account import Account, Folders, Tls
from connectors.secrets import FromCommand
from tests.servers.dovecot import Dovecot


def account(server: Dovecot, folders: Folders | None = None) -> Account:
    return Account(
        name="home", connector="imap", addresses=(server.user,), host=server.host, port=server.port, tls=Tls.NONE,
        username=server.user, password=FromCommand(("echo", server.password)), folders=folders or Folders(),
    )  # fmt: skip


def test_what_is_what() -> None:
    """By special use, and the rest by name; a folder that the configuration wants in vain is no failure here."""
    with Dovecot() as server:
        server.doveadm("mailbox", "create", "-u", server.user, "Bewerbungen")
        found = survey(account(server, Folders(watch=("Nowhere",))))
    assert found is not None
    assert (found.drafts, found.sent, found.junk) == ("Drafts", "Sent", "Junk")
    assert {"INBOX", "Bewerbungen"} <= set(found.folders)
    assert "IDLE" in found.capabilities


def test_by_name_where_the_server_does_not_say() -> None:
    """Without special use, below a prefix; and no Drafts is None."""
    with Dovecot(special_use=False, prefix="INBOX.", drafts=None) as server:
        found = survey(account(server))
    assert found is not None
    assert (found.drafts, found.sent, found.junk) == (None, "INBOX.Sent", "INBOX.Junk")
