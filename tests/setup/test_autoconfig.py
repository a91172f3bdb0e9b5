"""The file that names a domain's servers, as providers write it and as somebody else might."""

import pytest

from agent.setup.autoconfig import LIMIT, is_host, servers
from agent.setup.values import Server
from connectors.account import Tls

ADDRESS = "ana@example.org"


def incoming(**fields: str) -> str:
    usual = {"hostname": "imap.example.org", "port": "993", "socketType": "SSL", "username": "%EMAILADDRESS%"}
    inside = "".join(f"<{key}>{value}</{key}>" for key, value in (usual | fields).items())
    return f'<incomingServer type="imap">{inside}</incomingServer>'


def file(*parts: str) -> bytes:
    inside = "".join(parts)
    provider = f'<emailProvider id="x">{inside}</emailProvider>'
    return f'<?xml version="1.0"?><clientConfig version="1.1">{provider}</clientConfig>'.encode()


def test_a_usual_file() -> None:
    """IMAP alone, in the file's order; an address as user name is left out, since it is what we take anyway."""
    pop = incoming().replace('"imap"', '"pop3"')
    found = servers(file(pop, incoming(), incoming(port="143", socketType="STARTTLS")), ADDRESS)
    assert found == (
        Server(host="imap.example.org"),
        Server(host="imap.example.org", port=143, tls=Tls.STARTTLS),
    )


def test_placeholders() -> None:
    found = servers(file(incoming(hostname="imap.%EMAILDOMAIN%", username="%EMAILLOCALPART%")), ADDRESS)
    assert found == (Server(host="imap.example.org", username="ana"),)


@pytest.mark.parametrize(
    "fields",
    [
        {"socketType": "plain"},
        {"hostname": ""},
        {"hostname": "-oops.example.org"},
        {"hostname": "imap.example.org/x"},
        {"hostname": "imap.example.org:993"},
        {"hostname": "a b"},
        {"port": "0"},
        {"port": "65536"},
        {"port": "٩٩٣"},
        {"port": "1" * 5000},
    ],
    ids=str,
)
def test_a_server_that_is_none(fields: dict[str, str]) -> None:
    """It is left out, and the next one counts. Without TLS there is no asking for a password."""
    assert servers(file(incoming(**fields), incoming()), ADDRESS) == (Server(host="imap.example.org"),)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<html><body>Not found</body></html>",
        b'<!DOCTYPE x [<!ENTITY a "imap.evil.example">]>' + file(incoming(hostname="&a;")).partition(b"?>")[2],
        '<!DOCTYPE x [<!ENTITY a "b">]><x/>'.encode("utf-16"),
        b"<a>" * 20_000,
        file(incoming())[:-30],
        file(incoming()) + b" " * LIMIT,
        b"\xff\xfe\x00",
        b'<?xml version="1.0" encoding="no-such"?><a/>',
        file("<a>" * 4000 + "</a>" * 4000),
    ],
    ids=lambda raw: repr(raw[:20]),
)
def test_what_is_no_such_file(raw: bytes) -> None:
    """Nothing is taken from it, and nothing breaks."""
    assert servers(raw, ADDRESS) == ()


def test_five_servers_are_enough() -> None:
    assert len(servers(file(*(incoming(port=str(port)) for port in range(1, 100))), ADDRESS)) == 5


def test_a_user_name_cannot_steer_the_terminal() -> None:
    assert servers(file(incoming(username="&#x9b;31m")), ADDRESS)[0].username == ""


def test_host_names() -> None:
    """RFC 1123 2.1, and in linear time."""
    assert is_host("imap.example.org")
    assert not is_host("a" * 64 + ".org")
    assert not is_host(".".join(["a"] * 200))
    assert not is_host("a-" * 120)
