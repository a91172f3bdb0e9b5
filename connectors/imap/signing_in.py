"""From an account to a connection that is protected and signed in, or a sentence that says why not."""

import contextlib
import imaplib
import ipaddress
import socket
import ssl
from collections.abc import Iterator

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import LoginError

from connectors import oauth
from connectors.account import Account, Tls
from connectors.imap import wire
from connectors.imap.failures import SaysNo, as_failures, presentable
from connectors.imap.wire import Untrusted, Wire, WrongCertificate
from connectors.port import Refused, Unavailable

_FOR_NOW = ("UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG", "THROTTLED")
"""Response codes (RFC 5530, RFC 9051 7.1) that turn a login away without a word about the password."""


class _Client(IMAPClient):  # type: ignore[misc] # imapclient ships no types
    """imapclient on our own wire; times keep their zone, and nothing of the mail goes to a debug log."""

    def __init__(self, account: Account, context: ssl.SSLContext, pin: str | None) -> None:
        self._account = account
        self._trust = context
        self._pin = pin
        timeout = SocketTimeout(connect=wire.CONNECT_TIMEOUT, read=wire.READ_TIMEOUT)
        super().__init__(account.host, account.port, ssl=account.tls == Tls.IMPLICIT, timeout=timeout)
        self._imap.debug = 0
        self.normalise_times = False

    def _create_IMAP4(self) -> Wire:  # noqa: N802 - imapclient's own name
        account = self._account
        return Wire(
            account.host, account.port, context=self._trust, implicit=account.tls == Tls.IMPLICIT, pin=self._pin
        )


def connect(account: Account) -> IMAPClient:
    """A protected connection that nobody signed in on yet.

    Raises ``Refused`` for a certificate the user has to decide about and for settings that cannot be right,
    ``Unavailable`` when nobody answers.
    """
    if account.tls == Tls.NONE and not _is_loopback(account.host):
        raise Refused(f"`tls: none` is for servers on this machine, and {account.host} is none; use `tls: implicit`")
    try:
        return _protected(account, _context(account), _pin(account))
    except Untrusted as doubt:
        raise Refused(_untrusted(account, str(doubt))) from doubt
    except WrongCertificate as other:
        raise Refused(
            f"{account.host} showed a certificate that is not the pinned one. If the server's owner changed it, set "
            f"`fingerprint: {other.found}`; if not, somebody may be listening in"
        ) from other


def _protected(account: Account, context: ssl.SSLContext, pin: str | None) -> IMAPClient:
    place = f"{account.host} port {account.port}"
    client = None
    try:
        with as_failures(account.host):
            client = _greeted(account, context, pin, place)
            if account.tls == Tls.STARTTLS:
                _start_tls(client._imap, account.host)
    except BaseException:
        if client is not None:
            with contextlib.suppress(OSError):
                client.shutdown()
        raise
    return client


def _greeted(account: Account, context: ssl.SSLContext, pin: str | None, place: str) -> IMAPClient:
    try:
        return _Client(account, context, pin)
    except (socket.gaierror, UnicodeError) as unknown:
        raise Unavailable(f"the name {account.host} is not known; check `host:` and the network") from unknown
    except ConnectionRefusedError as closed:
        raise Unavailable(f"nobody answers at {place}; check `port:`, or the server is down") from closed
    except ssl.SSLError as failed:
        raise Unavailable(f"no TLS at {place}; check `port:` and `tls:`, or the server has a problem") from failed
    except imaplib.IMAP4.error as turned_away:
        raise Unavailable(f"{place} turned the connection away: {presentable(str(turned_away))}") from turned_away


def _start_tls(link: Wire, host: str) -> None:
    if "STARTTLS" not in link.capabilities:
        raise Refused(f"{host} offers no STARTTLS; use `tls: implicit`, most often on port 993")
    try:
        link.start_tls()
    except ssl.SSLError as failed:
        raise Unavailable(f"the TLS handshake with {host} failed") from failed


def sign_in(client: IMAPClient, account: Account) -> None:
    """Sign in with the account's token or password, asked for now. Raises ``Refused`` when the server says no."""
    if client._imap.state == "AUTH":  # PREAUTH: the connection itself is the proof (RFC 9051 7.1.4)
        return
    if account.token is not None or oauth.signs_in(account):
        _with_tokens(client, account, oauth.tokens_of(account, scopes=oauth.scopes_of(account)))
    elif account.password is not None:
        with _explained(account):
            _with_password(client, account, account.password.reveal())
    else:
        raise Refused(f"account `{account.name}` has no password; add `password:` to the configuration")


def _with_tokens(client: IMAPClient, account: Account, tokens: oauth.AccessTokens) -> None:
    """A token that the server takes no more is renewed once, whatever our clock says of its age."""
    try:
        _with_token(client, account, tokens.current())
    except LoginError as no:
        _unless_for_now(no, account)
        with _explained(account):
            _with_token(client, account, tokens.renewed())


def _with_token(client: IMAPClient, account: Account, token: str) -> None:
    """SASL's XOAUTH2 or OAUTHBEARER (developers.google.com/workspace/gmail/imap/xoauth2-protocol, RFC 7628)."""
    user = account.username or account.address
    if client.has_capability("AUTH=XOAUTH2"):
        client.oauth2_login(user, token)
    elif client.has_capability("AUTH=OAUTHBEARER"):
        client.oauthbearer_login(user, token)
    else:
        raise Refused(f"{account.host} takes no access tokens; use `password:`")


def _with_password(client: IMAPClient, account: Account, password: str) -> None:
    """LOGIN is what every server knows, but it carries ASCII only (RFC 9051 6.2.3)."""
    user = account.username or account.address
    if (user + password).isascii() and not client.has_capability("LOGINDISABLED"):
        client.login(client._imap._quote(user), password)  # imaplib quotes the password and forgets the name
    elif client.has_capability("AUTH=PLAIN"):
        client.plain_login(user, password)
    else:
        raise Refused(f"{account.host} takes no password over this connection; check `tls:` and `port:`")


@contextlib.contextmanager
def _explained(account: Account) -> Iterator[None]:
    """A login that failed as a sentence with what to do."""
    try:
        yield
    except LoginError as no:
        _unless_for_now(no, account)
        raise Refused(
            f"{account.host} does not accept the {_credentials(account)}. The server says: {SaysNo(str(no)).answer}"
        ) from no


def _unless_for_now(no: LoginError, account: Account) -> None:
    """imapclient makes a ``LoginError`` of a lost connection too; what it was made from tells them apart."""
    if isinstance(no.__context__, imaplib.IMAP4.abort):
        raise no.__context__
    answer = SaysNo(str(no))
    if answer.code in _FOR_NOW or "too many" in answer.answer.casefold():
        raise Unavailable(f"{account.host} lets nobody in for now: {answer.answer}") from no


def _credentials(account: Account) -> str:
    """What was not accepted, and what the user can do."""
    if oauth.signs_in(account):
        return (
            f"access token of account `{account.name}`: it may be another person's, or IMAP is turned off for the "
            f"mailbox. Check `address:` and {oauth.sign_in_again(account)}"
        )
    if account.token is not None:
        return f"access token of account `{account.name}`; sign in again with the program in `token:`"
    return f"user name or password of account `{account.name}`; check both, some providers want an app password"


def _context(account: Account) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=account.ca)
    except (OSError, ssl.SSLError) as unusable:
        raise Refused(f"the file {account.ca} holds no certificate that can be read; check `ca:`") from unusable
    if account.fingerprint is not None:
        context = _trusting_the_pin_alone()
    return context


def _trusting_the_pin_alone() -> ssl.SSLContext:
    """The pin stands in for the chain and the name: it is that one certificate or none."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _pin(account: Account) -> str | None:
    if account.fingerprint is None:
        return None
    kind, _, digits = account.fingerprint.casefold().partition(":")
    digits = digits.replace(":", "")
    if kind != "sha256" or len(digits) != 64 or set(digits) - set("0123456789abcdef"):
        raise Refused("`fingerprint:` must be `sha256:` and 64 hexadecimal digits, as Afterword shows it")
    return f"sha256:{digits}"


def _untrusted(account: Account, doubt: str) -> str:
    """Why, and what to do. The certificate is looked at over a second connection that hears nothing from us."""
    sentence = f"the certificate of {account.host} is not trusted: {doubt.rstrip('.')}. "
    try:
        _protected(account, _trusting_the_pin_alone(), "sha256:")
    except WrongCertificate as shown:
        return sentence + (
            "If this is your own server, set `ca:` to its authority's PEM file, or accept this one certificate "
            f"with `fingerprint: {shown.found}`"
        )
    except Unavailable:
        pass
    return sentence + "If this is your own server, set `ca:` to its authority's PEM file"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.casefold().rstrip(".") == "localhost"
