"""Connecting and signing in: what protects the connection, and what the user is told when it does not work."""

import contextlib
import http.server
import json
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.account import Account, Tls
from connectors.imap import open_mailbox
from connectors.port import Refused, Unavailable
from tests.contract.imap_world import Password, account_on
from tests.servers import Port
from tests.servers.certificates import make_certificates
from tests.servers.dovecot import Dovecot
from tests.servers.proxy import Proxy


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    """Dovecot with TLS by a private authority."""
    with Dovecot(tls=True, rawlog=True) as one:
        yield one


def _opens(account: Account) -> None:
    with open_mailbox(account):
        pass


def _refusal(account: Account) -> str:
    with pytest.raises(Refused) as refused:
        _opens(account)
    assert account.address not in str(refused.value)
    return str(refused.value)


def _unavailable(account: Account) -> str:
    with pytest.raises(Unavailable) as unavailable:
        _opens(account)
    assert account.address not in str(unavailable.value)
    return str(unavailable.value)


def _implicit(server: Dovecot, **settings: object) -> Account:
    return account_on(server, **({"port": server.tls_port, "tls": Tls.IMPLICIT} | settings))


def test_a_wrong_password_is_refused(server: Dovecot) -> None:
    """The user must act, and the sentence says so without the password in it."""
    sentence = _refusal(account_on(server, password=Password("hunter2")))
    assert "user name or password" in sentence
    assert "hunter2" not in sentence


def test_no_password_is_refused(server: Dovecot) -> None:
    """An account without any secret names what is missing in the configuration."""
    assert "`password:`" in _refusal(account_on(server, password=None))


def test_a_password_in_another_alphabet() -> None:
    """LOGIN is ASCII only, so such a password goes by AUTHENTICATE; quotes and backslashes go either way."""
    for secret in ("Gänsefüßchen日本", 'a "quoted\\" word{3}', "sp ace"):
        with Dovecot() as one:
            users = one.home / "users"
            users.write_text(users.read_text().replace("{PLAIN}pw", "{PLAIN}" + secret))
            _opens(account_on(one, password=Password(secret)))


def test_nobody_at_the_port_is_unavailable() -> None:
    """A server that is down: a pause, and the sentence names place and port."""
    kept = Port()
    dead = Account(name="x", connector="imap", addresses=("a@b.example",), host="127.0.0.1", port=kept.number)
    assert str(dead.port) in _unavailable(dead)
    kept.release()


def test_an_unknown_host_is_unavailable() -> None:
    """A name that does not resolve may be a laptop without a network."""
    for host in ("imap.nowhere.invalid", f"{'x' * 70}.invalid", "imap..invalid"):
        nowhere = Account(name="x", connector="imap", addresses=("a@b.example",), host=host)
        assert host in _unavailable(nowhere)


def test_in_the_clear_over_the_network_is_refused() -> None:
    """`tls: none` is for loopback: it raises before anything is connected, let alone sent."""
    for host in ("imap.example.org", "192.0.2.1", "localhost.example.org", "::ffff:192.0.2.1"):
        open_air = Account(name="x", connector="imap", addresses=("a@b.example",), host=host, tls=Tls.NONE)
        assert "`tls: none`" in _refusal(open_air)


def test_a_private_authority(server: Dovecot) -> None:
    """With `ca:` the certificate is verified, by implicit TLS and by STARTTLS, for the name and for the address."""
    for host in ("127.0.0.1", "localhost"):
        _opens(_implicit(server, ca=server.ca, host=host))
        _opens(account_on(server, tls=Tls.STARTTLS, ca=server.ca, host=host))


@pytest.mark.parametrize("tls", [Tls.IMPLICIT, Tls.STARTTLS])
def test_an_untrusted_certificate_is_refused_with_its_fingerprint(server: Dovecot, tmp_path: Path, tls: Tls) -> None:
    """No authority, or another one: the user is told what to set, and nothing was sent to the stranger."""
    assert server.certificates
    other = make_certificates(tmp_path).ca
    port = server.tls_port if tls is Tls.IMPLICIT else server.port
    sessions = len(server.raw_bytes_sent_by_clients())
    for ca in (None, other):
        sentence = _refusal(account_on(server, port=port, tls=tls, ca=ca))
        assert server.certificates.fingerprint in sentence
        assert "`ca:`" in sentence
    assert len(server.raw_bytes_sent_by_clients()) == sessions


def test_a_certificate_for_another_name_is_refused(server: Dovecot, tmp_path: Path) -> None:
    """A trusted authority does not help a server that has another name."""
    with Dovecot(tls=True) as one:
        assert one.certificates
        elsewhere = make_certificates(tmp_path, name="mail.elsewhere.example")
        for old, new in ((one.certificates.cert, elsewhere.cert), (one.certificates.key, elsewhere.key)):
            old.write_bytes(new.read_bytes())
        one.restart()
        assert "mismatch" in _refusal(_implicit(one, ca=elsewhere.ca))


@pytest.mark.parametrize("tls", [Tls.IMPLICIT, Tls.STARTTLS])
def test_a_pinned_certificate_needs_no_authority(server: Dovecot, tls: Tls) -> None:
    """The fingerprint the refusal showed opens the door, however it is written."""
    assert server.certificates
    port = server.tls_port if tls is Tls.IMPLICIT else server.port
    digits = server.certificates.fingerprint.removeprefix("sha256:")
    colons = ":".join(digits[at : at + 2] for at in range(0, 64, 2)).upper()
    for pin in (f"sha256:{digits}", f"SHA256:{colons}"):
        _opens(account_on(server, port=port, tls=tls, fingerprint=pin))


def test_another_certificate_than_the_pinned_one_is_refused(server: Dovecot) -> None:
    """A trusted chain does not save a certificate that is not the pinned one; nothing was sent."""
    assert server.certificates
    sessions = len(server.raw_bytes_sent_by_clients())
    for tls, port in ((Tls.IMPLICIT, server.tls_port), (Tls.STARTTLS, server.port)):
        account = account_on(server, port=port, tls=tls, ca=server.ca, fingerprint="sha256:" + "0" * 64)
        assert server.certificates.fingerprint in _refusal(account)
    assert len(server.raw_bytes_sent_by_clients()) == sessions


def test_a_fingerprint_that_is_none_is_refused(server: Dovecot) -> None:
    """A pin that cannot be one is a mistake in the configuration, not a reason to connect without."""
    for pin in ("sha1:abc", "sha256:", "sha256:" + "g" * 64, "0" * 64):
        assert "`fingerprint:`" in _refusal(_implicit(server, fingerprint=pin))


def test_an_authority_file_that_is_none_is_refused(server: Dovecot, tmp_path: Path) -> None:
    """A missing or broken `ca:` file is named."""
    broken = tmp_path / "ca.pem"
    broken.write_text("no certificate")
    for ca in (broken, tmp_path / "missing.pem"):
        assert str(ca) in _refusal(_implicit(server, ca=ca))


def test_tls_on_a_port_without_is_unavailable(server: Dovecot) -> None:
    """The handshake fails: the sentence names `port:` and `tls:`."""
    assert "`tls:`" in _unavailable(account_on(server, tls=Tls.IMPLICIT, ca=server.ca))


def test_no_starttls_is_refused() -> None:
    """A server without STARTTLS gets no password in the clear."""
    with Dovecot() as one:
        assert "STARTTLS" in _refusal(account_on(one, tls=Tls.STARTTLS))


def test_words_ahead_of_tls_are_not_believed(server: Dovecot) -> None:
    """What somebody adds in the clear behind the STARTTLS answer ends the connection (as in CVE-2011-0411)."""
    with Proxy(server.port) as proxy:
        proxy.rewrite = lambda said: said.replace(
            b"Begin TLS negotiation now.\r\n", b"Begin TLS negotiation now.\r\n* CAPABILITY IMAP4rev1 EVIL\r\n"
        )
        _unavailable(account_on(server, port=proxy.port, tls=Tls.STARTTLS, ca=server.ca))
        assert b"EVIL" in b"".join(bytes(link.said) for link in proxy._links)


@pytest.mark.parametrize(
    "greeting",
    [b"* BYE too many connections\r\n", b"", b"220 smtp.example.org ESMTP\r\n", b"\x00" * 5000, b"* OK half a li"],
    ids=["bye", "end", "smtp", "zeros", "half"],
)
def test_a_server_that_greets_oddly_is_unavailable(greeting: bytes) -> None:
    """Whatever stands at the port: a sentence, in no time, and no exception of the library's own."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def greet() -> None:
            client, _ = listener.accept()
            with client:
                client.sendall(greeting)

        thread = threading.Thread(target=greet)
        thread.start()
        start = time.monotonic()
        odd = Account(
            name="x",
            connector="imap",
            addresses=("a@b.example",),
            host="127.0.0.1",
            port=listener.getsockname()[1],
            tls=Tls.NONE,
            password=Password("pw"),
        )
        _unavailable(odd)
        thread.join()
        assert time.monotonic() - start < 5


def test_a_connection_lost_while_signing_in_is_unavailable(server: Dovecot) -> None:
    """imapclient calls that a failed login; it says nothing about the password."""
    with Proxy(server.port) as proxy:
        proxy.cut_after(b"LOGIN", 5)
        _unavailable(account_on(server, port=proxy.port))
        proxy.rewrite = lambda said: b"* BYE gone\r\n" if b"OK Logged in" in said else said
        _unavailable(account_on(server, port=proxy.port))


@pytest.mark.parametrize(
    "answer", [b"NO [UNAVAILABLE] later", b"NO [INUSE] x", b"NO Too many simultaneous connections."]
)
def test_a_server_that_lets_nobody_in_for_now_is_unavailable(server: Dovecot, answer: bytes) -> None:
    """RFC 5530 tells such answers from a wrong password; Gmail says it in words."""
    with Proxy(server.port) as proxy:
        proxy.rewrite = lambda said: said.replace(b"OK Logged in", answer)
        _unavailable(account_on(server, port=proxy.port))


class _Tokens(http.server.BaseHTTPRequestHandler):
    """An OAuth token introspection endpoint, as Dovecot asks one."""

    def do_GET(self) -> None:
        good = self.path.endswith("=good-token")
        answer = {"active": "true", "email": "alice@example.com"} if good else {"active": "false"}
        self.send_response(200 if good else 401)
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, *_: object) -> None:
        """Not to the test's output."""


@contextlib.contextmanager
def _token_server(mechanisms: str, tmp_path: Path) -> Iterator[Dovecot]:
    with http.server.HTTPServer(("127.0.0.1", 0), _Tokens) as endpoint:
        threading.Thread(target=endpoint.serve_forever, daemon=True).start()
        settings = tmp_path / "oauth2.conf"
        settings.write_text(
            f"tokeninfo_url = http://127.0.0.1:{endpoint.server_port}/tokeninfo?access_token=\n"
            "username_attribute = email\nactive_attribute = active\nactive_value = true\n"
        )
        extra = f"auth_mechanisms = {mechanisms}\npassdb {{\n  driver = oauth2\n  args = {settings}\n}}"
        with Dovecot(extra=extra) as one:
            yield one
        endpoint.shutdown()


@pytest.mark.parametrize("mechanisms", ["plain xoauth2", "plain oauthbearer"])
def test_an_access_token(mechanisms: str, tmp_path: Path) -> None:
    """A token signs in by either mechanism, even if there is a password; one that expired asks for a new sign-in."""
    with _token_server(mechanisms, tmp_path) as one:
        _opens(account_on(one, token=Password("good-token"), password=Password("wrong")))
        sentence = _refusal(account_on(one, token=Password("stale-token")))
    assert "sign in again" in sentence
    assert "stale-token" not in sentence


def test_a_server_that_takes_no_tokens_is_refused(server: Dovecot) -> None:
    """A token is never tried as a password."""
    assert "tokens" in _refusal(account_on(server, token=Password("good-token")))
