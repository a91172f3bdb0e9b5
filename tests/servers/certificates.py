"""A private authority and a server certificate for ``localhost`` and ``127.0.0.1``, made by the openssl program."""

import atexit
import functools
import hashlib
import shutil
import ssl
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2")


@dataclass(frozen=True, kw_only=True)
class Certificates:
    """PEM files: the authority's certificate, the server's certificate and its key."""

    ca: Path
    cert: Path
    key: Path

    @property
    def fingerprint(self) -> str:
        """The server certificate's own, as ``fingerprint:`` in the configuration wants it."""
        der = ssl.PEM_cert_to_DER_cert(self.cert.read_text())
        return "sha256:" + hashlib.sha256(der).hexdigest()


def usual_certificates(directory: Path) -> Certificates:
    """A copy of those that this run of the tests has made once."""
    made = _made_once()
    for file in (made.ca, made.cert, made.key):
        shutil.copy(file, directory)
    return Certificates(ca=directory / made.ca.name, cert=directory / made.cert.name, key=directory / made.key.name)


@functools.cache
def _made_once() -> Certificates:
    directory = tempfile.TemporaryDirectory(prefix="aw-certificates-")
    atexit.register(directory.cleanup)
    return make_certificates(Path(directory.name))


def make_certificates(directory: Path, name: str = "") -> Certificates:
    """Make all of them in the directory, about 40 ms; ``name``: for another host than this one."""
    names = f"DNS:{name}" if name else "DNS:localhost,IP:127.0.0.1"
    ca, cert, key = directory / "ca.pem", directory / "cert.pem", directory / "key.pem"
    ca_key = directory / "ca.key"
    _openssl(
        *("req", "-x509", *_KEY, "-subj", "/CN=Test CA", "-addext", "keyUsage=critical,keyCertSign"),
        *("-keyout", str(ca_key), "-out", str(ca)),
    )
    _openssl(
        *("req", "-x509", *_KEY, "-subj", "/CN=server", "-addext", f"subjectAltName={names}"),
        *("-addext", "basicConstraints=critical,CA:FALSE"),
        *("-CA", str(ca), "-CAkey", str(ca_key), "-keyout", str(key), "-out", str(cert)),
    )
    return Certificates(ca=ca, cert=cert, key=key)


def _openssl(*arguments: str) -> None:
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)
