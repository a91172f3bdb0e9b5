"""Takes the pictures of the documentation: the real thing, photographed.

    make pictures        (Debian: apt-get install thunderbird xvfb xdotool imagemagick openbox dovecot-imapd chromium)

``demo.svg`` is what `afterword demo` prints. ``draft.png`` is a letter that `afterword check` has put into Drafts on a
Dovecot on loopback, opened by a Thunderbird on a display that nobody sees. ``lessons.png`` is the page of lessons.
"""

import contextlib
import imaplib
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console

from agent.cli import main
from agent.demo import run_demo
from agent.demo.sample import Sample
from docs.pictures.lessons import BROWSER, take_lessons
from tests.servers import PASSWORD, USER
from tests.servers.dovecot import Dovecot

HERE = Path(__file__).parent
PROGRAMS = ("thunderbird", "Xvfb", "xdotool", "import", "convert", "openbox", BROWSER)
PATIENCE = 60.0
"""Seconds for a window of Thunderbird to come up."""

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


def take_demo() -> None:
    """The demo as a terminal shows it, without the web font that rich would have readers fetch."""
    console = Console(record=True, width=88, file=io.StringIO(), force_terminal=True)
    if run_demo(None, console) != 0:
        sys.exit("the demo did not come to its end")
    form = re.sub(r"(?s)@font-face \{\{.*?\}\}", "", CONSOLE_SVG_FORMAT)
    console.save_svg(str(HERE / "demo.svg"), title="afterword demo", code_format=form)


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
    read, write = os.pipe()
    display = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1250x720x24", "-nolisten", "tcp"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.environ |= {"DISPLAY": f":{os.read(read, 16).decode().strip()}", "HOME": str(home), "NO_AT_BRIDGE": "1"}
    desktop = (["openbox"], ["thunderbird", "--profile", str(profile), "--no-remote", "-mail"])
    quiet = subprocess.DEVNULL
    programs = [display, *(subprocess.Popen(argv, stdout=quiet, stderr=quiet) for argv in desktop)]
    try:
        yield
    finally:
        for program in reversed(programs):
            program.terminate()
            program.wait()


def sign_in() -> None:
    """Type the password into Thunderbird's own prompt, and give it time to read the mailbox."""
    prompt = window("assword")
    xdotool("windowactivate", "--sync", prompt, "type", "--delay", "20", PASSWORD)
    xdotool("key", "Return")
    time.sleep(10)


def window(name: str) -> str:
    """The number of the window whose title holds that pattern, once it is there."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if found := xdotool("search", "--onlyvisible", "--name", name, check=False).split():
            time.sleep(3)  # a window is there before its content is
            return found[-1]
        time.sleep(0.5)
    sys.exit(f"no window `{name}` came up within {PATIENCE:.0f} s")


def click(x: int, y: int, *, times: int = 1) -> None:
    """Click at a place of the screen."""
    xdotool("mousemove", str(x), str(y), "click", "--repeat", str(times), "--delay", "80", "1")


def photograph(to: Path) -> None:
    """The whole screen, as a PNG of few colours."""
    subprocess.run(["import", "-window", "root", to], check=True)
    subprocess.run(["convert", to, "-strip", "+dither", "-colors", "200", to], check=True)


def xdotool(*arguments: str, check: bool = True) -> str:
    """Move, type, look for windows."""
    return subprocess.run(["xdotool", *arguments], check=check, capture_output=True, text=True).stdout


if __name__ == "__main__":
    if missing := [program for program in PROGRAMS if shutil.which(program) is None]:
        sys.exit(f"not installed: {', '.join(missing)}. See the first lines of {__file__}")
    take_demo()
    take_lessons()
    take_draft()
