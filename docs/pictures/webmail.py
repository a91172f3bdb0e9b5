"""A letter in Roundcube: the draft that `afterword check` has put on a Dovecot on loopback, in the pages of a webmail.

Debian: apt-get install --no-install-recommends roundcube-core roundcube-sqlite3 php-cli
"""

import contextlib
import json
import os
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from docs.pictures.desktop import HEIGHT, WIDTH, display, photograph, window, xdotool
from docs.pictures.lessons import BROWSER
from tests.servers import PASSWORD, USER, Port

PAGES = Path("/var/lib/roundcube")
_DEFAULTS = Path("/etc/roundcube")
_SCHEMA = PAGES / "SQL/sqlite.initial.sql"

_CONFIGURATION = """<?php
$config = ['db_dsnw' => 'sqlite:///{home}/webmail.sqlite',
  'imap_host' => '127.0.0.1:{port}', 'smtp_host' => '127.0.0.1:9',
  'des_key' => 'a key for one picture000', 'plugins' => [], 'product_name' => 'Webmail', 'temp_dir' => '{home}',
  'log_dir' => '{home}', 'skin' => 'elastic', 'language' => 'en_US', 'drafts_mbox' => 'Drafts', 'ip_check' => false];
"""

_LETTER = "?_task=mail&_action=compose&_mbox=Drafts&_draft_uid=1"
"""Roundcube asks for the password first, and then opens the page that was asked for."""


def take_webmail(port: int, home: Path, to: Path) -> None:
    """The first letter in Drafts of the IMAP server on that port."""
    with (
        tempfile.TemporaryDirectory() as folder,
        webmail(Path(folder), port) as address,
        display(home, _browser(home, address + _LETTER)),
    ):
        window("Webmail")
        xdotool("type", "--delay", "20", f"{USER}\t{PASSWORD}\n")
        time.sleep(8)
        photograph(to)


@contextlib.contextmanager
def webmail(home: Path, port: int) -> Iterator[str]:
    """Roundcube on PHP's own server, for that IMAP server; its address."""
    for name in ("defaults.inc.php", "mimetypes.php"):
        (home / name).write_bytes((_DEFAULTS / name).read_bytes())
    (home / "config.inc.php").write_text(_CONFIGURATION.format(home=home, port=port))
    with contextlib.closing(sqlite3.connect(home / "webmail.sqlite")) as store, store:
        store.executescript(_SCHEMA.read_text())
        store.execute("INSERT INTO users (user_id, username, mail_host) VALUES (1, ?, '127.0.0.1')", [USER])
        store.execute(
            "INSERT INTO identities (user_id, standard, name, email) VALUES (1, 1, 'Ana Sousa', 'ana@example.org')"
        )
    own = Port()
    server = subprocess.Popen(
        ["php", "-S", f"127.0.0.1:{own.number}", "-t", PAGES],
        env=os.environ | {"ROUNDCUBE_CONFIG_DIR": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield f"http://127.0.0.1:{own.number}/"
    finally:
        server.terminate()
        server.wait()
        own.release()


def _browser(home: Path, page: str) -> list[str]:
    """Chromium as a window with nothing but the page; it offers to keep no password."""
    profile = home / "chromium"
    (profile / "Default").mkdir(parents=True)
    (profile / "Default/Preferences").write_text(
        json.dumps({"credentials_enable_service": False, "profile": {"password_manager_enabled": False}})
    )
    rootless = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium refuses to sandbox root; the page is ours
    quiet = ["--no-first-run", "--test-type", "--disable-background-networking", "--password-store=basic"]
    size = [f"--window-size={WIDTH},{HEIGHT}", "--window-position=0,0"]
    return [BROWSER, f"--app={page}", f"--user-data-dir={profile}", *quiet, *size, *rootless]
