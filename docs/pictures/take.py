"""Takes the pictures of the documentation: the real thing, photographed.

    make pictures        (Debian: apt-get install thunderbird xvfb xdotool imagemagick openbox dunst dbus-daemon
                          dovecot-imapd chromium; with --no-install-recommends: roundcube-core roundcube-sqlite3
                          php-cli)

``demo.svg`` and its like are what the commands print. ``draft.png`` is a letter that `afterword check` has put into
Drafts on a Dovecot on loopback, opened by a Thunderbird on a display that nobody sees; ``webmail.png`` is one in
Roundcube. ``alert.png`` are the alerts of such a pass. ``lessons.png`` is the page of lessons.
"""

import contextlib
import imaplib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from agent.cli import main
from agent.demo.sample import Sample
from docs.pictures.desktop import PROGRAMS as DESKTOP
from docs.pictures.desktop import click, display, photograph, window, xdotool
from docs.pictures.lessons import BROWSER, take_lessons
from docs.pictures.screens import take_demo, take_screens
from docs.pictures.webmail import PAGES, take_webmail
from tests.servers import PASSWORD, USER
from tests.servers.dovecot import Dovecot

HERE = Path(__file__).parent
PROGRAMS = (*DESKTOP, "thunderbird", "dunst", "dbus-daemon", "php", BROWSER)

_CONFIGURATION = """
me: {{name: Ana Sousa}}
accounts:
  - {{name: home, connector: imap, address: ana@example.org, host: 127.0.0.1, port: {port}, tls: none,
     username: {user}, password: {{file: password}}}}
alerts: [{alerts}]
store: sqlite:///afterword.db
"""

_NOTIFICATIONS = """
[global]
width = 420
offset = 16x16
font = Sans 11
frame_width = 1
frame_color = "#7a8699"
corner_radius = 6
padding = 12
horizontal_padding = 14
[urgency_normal]
background = "#f7f8fa"
foreground = "#1f2937"
timeout = 60
"""

_PREFERENCES = """
mail.accountmanager.accounts="account1,account2"
mail.accountmanager.defaultaccount="account1"
mail.accountmanager.localfoldersserver="server2"
mail.account.account1.identities="id1"
mail.account.account1.server="server1"
mail.account.account2.server="server2"
mail.server.server2.type="none"
mail.server.server2.hostname="Local Folders"
mail.server.server2.name="Local Folders"
mail.server.server2.userName="nobody"
mail.server.server1.type="imap"
mail.server.server1.hostname="127.0.0.1"
mail.server.server1.port={port}
mail.server.server1.userName="{user}"
mail.server.server1.name="ana@example.org"
mail.server.server1.socketType=0
mail.server.server1.authMethod=3
mail.server.server1.login_at_startup=true
mail.identity.id1.useremail="ana@example.org"
mail.identity.id1.fullName="Ana Sousa"
mail.identity.id1.valid=true
mail.identity.id1.smtpServer="smtp1"
mail.identity.id1.draft_folder="imap://{escaped}@127.0.0.1/Drafts"
mail.identity.id1.compose_html=false
mail.spellcheck.inline=false
mail.smtpservers="smtp1"
mail.smtpserver.smtp1.hostname="127.0.0.1"
mail.smtpserver.smtp1.port=9
mail.rights.version=1
mail.ui.folderpane.view=1
mail.spotlight.firstRunDone=true
mail.shell.checkDefaultClient=false
mail.biff.show_alert=false
mail.provider.suppress_dialog_on_startup=true
mail.inappnotifications.enabled=false
font.size.monospace.x-western=15
mailnews.start_page.enabled=false
mailnews.default_view_flags=1
app.donation.eoy.version.viewed=999
app.update.enabled=false
extensions.update.enabled=false
browser.safebrowsing.downloads.remote.enabled=false
datareporting.policy.dataSubmissionEnabled=false
network.captive-portal-service.enabled=false
network.connectivity-service.enabled=false
services.settings.server="http://127.0.0.1:9"
toolkit.telemetry.enabled=false
"""


def take_draft() -> None:
    """A letter in Thunderbird: opened from Drafts, as an ordinary reply."""
    with tempfile.TemporaryDirectory() as folder, Dovecot() as server:
        home = Path(folder)
        fill(server, home)
        with thunderbird(home, server.port):
            sign_in()
            click(130, 188)  # Drafts, the third line of the folder pane
            time.sleep(5)
            click(400, 145, times=2)  # the first draft there
            letter = window("^Write:")
            xdotool("windowsize", "--sync", letter, "830", "600", "windowmove", "--sync", letter, "400", "80")
            time.sleep(2)
            photograph(HERE / "draft.png")


def take_letter_in_webmail() -> None:
    """Another one in Roundcube."""
    with tempfile.TemporaryDirectory() as folder, Dovecot() as server:
        fill(server, Path(folder))
        take_webmail(server.port, Path(folder), HERE / "webmail.png")


def take_alert() -> None:
    """The alerts of that pass, over the mailbox they are about."""
    with tempfile.TemporaryDirectory() as folder, Dovecot() as server:
        home = Path(folder)
        with thunderbird(home, server.port), notifications(home):
            sign_in()
            fill(server, home, alerts="desktop")
            time.sleep(8)  # Thunderbird shows the new mail
            photograph(HERE / "alert.png")


@contextlib.contextmanager
def notifications(home: Path) -> Iterator[None]:
    """A session bus and a notification daemon on the display."""
    (home / "dunstrc").write_text(_NOTIFICATIONS)
    address = f"unix:path={home / 'bus'}"
    bus = subprocess.Popen(["dbus-daemon", "--session", "--nofork", "--address", address], stderr=subprocess.DEVNULL)
    os.environ["DBUS_SESSION_BUS_ADDRESS"] = address
    time.sleep(1)
    shown = subprocess.Popen(["dunst", "-conf", home / "dunstrc"], stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        for program in (shown, bus):
            program.terminate()
            program.wait()


def fill(server: Dovecot, home: Path, *, alerts: str = "") -> None:
    """The sample mailbox on the server, and one pass of Afterword over it."""
    zone = datetime.now().astimezone().tzinfo or UTC
    Sample(home / "Mail", datetime.now(UTC), zone).fill()
    with imaplib.IMAP4("127.0.0.1", server.port) as link:
        link.login(USER, PASSWORD)
        for name, folder in (("INBOX", home / "Mail"), ("Sent", home / "Mail/.Sent")):
            mails = [path for part in ("new", "cur") for path in (folder / part).iterdir()]
            for path in sorted(mails, key=lambda each: each.stat().st_mtime):
                arrived = imaplib.Time2Internaldate(path.stat().st_mtime)
                link.append(name, r"(\Seen)" if path.parent.name == "cur" else "", arrived, path.read_bytes())
    config = home / "config.yaml"
    config.write_text(_CONFIGURATION.format(port=server.port, user=USER, alerts=alerts))
    (home / "password").write_text(PASSWORD)
    (home / "password").chmod(0o600)
    if main(["--config", str(config), "check"]) != 0:
        sys.exit("`afterword check` failed")


@contextlib.contextmanager
def thunderbird(home: Path, port: int) -> Iterator[None]:
    """Thunderbird with that account, on a display of its own; the programs end with the block."""
    profile = home / "profile"
    profile.mkdir()
    lines = _PREFERENCES.strip().format(port=port, user=USER, escaped=USER.replace("@", "%40")).splitlines()
    preferences = (line.partition("=") for line in lines)
    (profile / "user.js").write_text("".join(f'user_pref("{name}", {value});\n' for name, _, value in preferences))
    with display(home, ["thunderbird", "--profile", str(profile), "--no-remote", "-mail"]):
        yield


def sign_in() -> None:
    """Type the password into Thunderbird's own prompt, and give it time to read the mailbox."""
    prompt = window("assword")
    xdotool("windowactivate", "--sync", prompt, "type", "--delay", "20", PASSWORD)
    xdotool("key", "Return")
    time.sleep(10)


if __name__ == "__main__":
    missing = [program for program in PROGRAMS if shutil.which(program) is None]
    missing += [] if PAGES.is_dir() else ["roundcube"]
    if missing:
        sys.exit(f"not installed: {', '.join(missing)}. See the first lines of {__file__}")
    for take in (take_demo, take_screens, take_lessons, take_draft, take_letter_in_webmail, take_alert):
        take()
