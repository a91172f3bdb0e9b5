"""The words the stories are told in. Each acts on a real mailbox at the story's time, and writes a line of the page."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from agent.case import Case
from agent.journal import Journal
from tests.agent.stage import eml, with_new_id
from tests.daemon.household import ROOT, Household, environment, wait_until
from tests.servers.dovecot import Dovecot
from tests.stories import page
from tests.stories.mails import INVITATION, JANE, REJECTION

LISBON = ZoneInfo("Europe/Lisbon")
ANA = "Ana Sousa <ana@example.org>"

_CONFIG = """\
me: {{name: Ana Sousa}}
accounts:
  - {{name: home, connector: imap, address: ana@example.org, host: 127.0.0.1, port: {port}, tls: none,
     username: alice@example.com, password: {{file: {home}/password}}}}
clock: {{timezone: Europe/Lisbon, remind_before: [8h, 2h], quiet_hours: "22:00-08:00"}}
follow_up: {{close_after: 7 working days{more}}}
alerts: [{{command: [tee, -a, {home}/alerts]}}]
store: sqlite:///{home}/afterword.db
"""


class Story:
    """Ana, her mailbox, and her computer. Times are hers: "Friday 5 June 17:40"."""

    def __init__(self, server: Dovecot, home: Path, title: str, told: str) -> None:
        self.title, self._lines = title, [told, ""]
        self.household = Household(server, home)
        self._home, self._clock = home, home / "clock"
        (home / "alerts").touch()
        self._configure("")
        self._count = self._received = self._alerts = 0
        self._running: subprocess.Popen[str] | None = None
        self._journal: Journal | None = None
        self._last: str | None = None
        self._heading: datetime | None = None

    # The time, and the computer

    def begins(self, when: str, *, enquire_after: str = "never") -> None:
        """Afterword is started."""
        self._configure(f", enquire_after: {enquire_after}")
        self._set(_moment(when))
        self._start()
        self.wait(seconds=90)  # packs that were changed are read anew, once

    def at(self, when: str) -> None:
        """Time passes until then; a computer that is on does its work."""
        self._set(_moment(when))
        if self._is_awake():
            self.wait()

    def minutes_pass(self, minutes: int = 1) -> None:
        self._set(self.now + timedelta(minutes=minutes))
        if self._is_awake():
            self.wait()

    def laptop_closes(self) -> None:
        """The process stands still, as it does when a machine is suspended."""
        self._running.send_signal(signal.SIGSTOP)
        self._asleep = True
        self._say("The laptop is closed.")

    def laptop_opens(self, when: str) -> None:
        self._set(_moment(when))
        self._running.send_signal(signal.SIGCONT)
        self._asleep = False
        self._say("The laptop is opened.")
        self.wait()

    # The employer

    def arrives(self, text: str, *, sender: str = JANE, answers: str | None = None, gist: str = "", **more: Any) -> str:
        """Mail comes: an answer to the last one, unless told otherwise (``fresh``). Its Message-ID.

        The page shows the mail, or with ``gist`` one sentence on it.
        """
        self._count += 1
        key = f"{self._count}@{sender.rpartition('@')[2].strip('>')}"
        fresh = more.pop("fresh", False)
        subject = more.pop("subject", "Your application as Data Engineer")
        raw = eml(
            text, sender=sender, to=ANA, key=key, subject=subject, date=self.now,
            answers=None if fresh else (answers or self._last), **more,
        )  # fmt: skip
        self.household.deliver(raw, at=self.now)
        self._received += 1
        self._last = key
        self._say(gist or f"{sender.partition(' <')[0]} writes:\n\n{page.quoted(text)}")
        self._goes_on()
        return key

    def invited(self) -> str:
        return self.arrives(INVITATION, fresh=True, gist="Jane Doe invites Ana to an interview on Wednesday.")

    def turned_down(self) -> str:
        return self.arrives(REJECTION, gist="Jane Doe writes that they have decided on another candidate.")

    # Ana

    def sends_the_draft(self) -> None:
        """As Thunderbird does: under a new Message-ID, the draft removed."""
        key = self._minted()
        self.household.send_draft(key, at=self.now)
        self._last = key
        self._say("Ana reads the draft and sends it.")
        self._goes_on()

    def deletes_the_draft(self) -> None:
        self.household.deliver(self.household.take_draft(), folder="Trash", at=self.now)
        self._say("Ana deletes the draft.")
        self._goes_on()

    def adds_to_the_draft(self, paragraph: str) -> None:
        """As Thunderbird saves it: new text, new Message-ID, new number."""
        self._saves(lambda body: body.replace("\n\n", f"\n\n{paragraph}\n\n", 1))
        self._say(f"Ana writes into the draft:\n\n> {paragraph}")
        self._goes_on()

    def takes_out_of_the_draft(self, paragraph: str) -> None:
        self._saves(lambda body: body.replace(f"{paragraph}\n\n", ""))
        self._say("Ana takes it out again.")
        self._goes_on()

    def _saves(self, edited: Callable[[str], str]) -> None:
        raw = self.household.take_draft()
        old = message_from_bytes(raw, policy=policy.default).get_content().replace("\r\n", "\n")
        body = edited(old)
        assert body != old
        head = raw.partition(b"\r\n\r\n")[0]
        kept = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"content-")]
        kept += [b"Content-Type: text/plain; charset=utf-8", b"Content-Transfer-Encoding: 8bit"]
        saved = b"\r\n".join(kept) + b"\r\n\r\n" + body.replace("\n", "\r\n").encode()
        saved = with_new_id(saved, self._minted())
        self.household.deliver(saved, folder="Drafts", flags="(\\Draft \\Seen)", at=self.now)

    def writes(self, text: str, *, to: str = JANE) -> str:
        """Ana answers by herself."""
        key = self._minted()
        raw = eml(text, sender=ANA, to=to, key=key, answers=self._last, subject="Re: Your application as Data Engineer",
                  date=self.now)  # fmt: skip
        self.household.deliver(raw, folder="Sent", flags="(\\Seen)", at=self.now)
        self._last = key
        self._say(f"Ana writes, by herself:\n\n{page.quoted(text)}")
        self._goes_on()
        return key

    def types(self, command: str, *, lines: int = 99) -> str:
        """A command on the only case, or without one; what it prints, and so many lines of it on the page."""
        words = [self.case.id if word == "CASE" else word for word in command.split()]
        done = subprocess.run(self._command(*words), cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
                              env=environment(PYTHONPATH=str(ROOT), COLUMNS="110"))  # fmt: skip
        assert done.returncode == 0, done.stderr
        shown = "\n".join(line.rstrip() for line in done.stdout.splitlines()[:lines]).strip()
        self._say(f"Ana types `afterword {' '.join(words)}`:\n\n```text\n{shown}\n```")
        self._goes_on()
        return done.stdout

    # What can be seen

    def draft(self, *, to: str | None, says: str = "", answers: str | None = None, gist: str = "") -> EmailMessage:
        """The one draft there is, and whom it goes to."""
        wait_until(self.household.drafts, what="the draft")
        (one,) = self.household.drafts()
        assert one["To"] == to
        assert says in " ".join(one.get_content().split()), one.get_content()
        assert answers is None or one["In-Reply-To"] == f"<{answers}>"
        thread = "in the same thread" if one["In-Reply-To"] else "a fresh mail"
        self._say(f"In Drafts, {thread}, lies {gist}." if gist else f"In Drafts, {thread}:\n\n{page.letter(one)}")
        return one

    def no_draft(self, *, why: str = "") -> None:
        assert self.household.drafts() == []
        if why:
            self._say(why)

    def tells(self, kind: str) -> None:
        """The next alert is of this kind. A story names every one."""
        wait_until(lambda: len(self._told()) > self._alerts, what=f"the alert {kind}")
        alert = self._told()[self._alerts]
        assert alert["kind"] == kind, alert
        self._alerts += 1
        self._say(f"Afterword tells her: **{alert['title']}.** {alert['sentence']}")

    def says(self, sentence: str) -> None:
        """A line of the page alone."""
        self._say(sentence)

    @property
    def case(self) -> Case:
        """The only case."""
        with self._journal.reading() as reader:
            (case,) = reader.cases()
        return case

    def ends(self, state: str, outcome: str | None = None) -> None:
        """The end: how the case stands; nothing was read, no alert was left out; and the page tells it so."""
        self.wait()
        case = self.case
        assert (case.state, case.outcome) == (state, outcome)
        assert len(self._told()) == self._alerts, self._told()[self._alerts :]
        assert self.household.unseen() == self._received, "reading leaves no trace"
        self._say(f"*The case is {f'closed: {outcome}' if outcome else state}.*".replace("_", " "))
        text = "\n".join(self._lines).strip()
        if page.WRITES:
            page.write(self.title, text)
        assert page.section(self.title) == text, "docs/stories.md tells it otherwise; `make stories` writes it anew"

    # How it is done

    def wait(self, *, seconds: float = 30.0) -> None:
        """Until a turn has been taken at this very moment."""
        try:
            wait_until(self._has_turned, seconds=seconds, what=f"a turn at {self.now}")
        except AssertionError as failed:
            failed.add_note((self._home / "log").read_text())
            raise

    def close(self) -> None:
        if self._running and self._running.poll() is None:
            self._running.send_signal(signal.SIGCONT)
            self._running.send_signal(signal.SIGTERM)
            self._running.wait(10)
        if self._journal:
            self._journal.close()

    def _goes_on(self) -> None:
        """After everything that somebody does, a minute passes."""
        self.minutes_pass()

    def _configure(self, more: str) -> None:
        port = self.household.server.port
        self.household.config.write_text(_CONFIG.format(port=port, home=self._home, more=more))

    def _command(self, *arguments: str) -> list[str]:
        launcher = str(Path(__file__).with_name("launcher.py"))
        config = str(self.household.config)
        return [sys.executable, launcher, str(self._clock), self.title, "--config", config, *arguments]

    def _start(self) -> None:
        with (self._home / "log").open("a") as log:
            self._running = subprocess.Popen(
                self._command("run"), cwd=ROOT, stdout=log, stderr=log, text=True,
                env=environment(PYTHONPATH=str(ROOT)),
            )  # fmt: skip
        self._asleep = False
        wait_until((self._home / "afterword.db").exists, what="the store")
        self._journal = Journal(f"sqlite:///{self._home}/afterword.db")

    def _is_awake(self) -> bool:
        return self._running is not None and not self._asleep

    def _set(self, moment: datetime) -> None:
        self.now = moment
        new = self._clock.with_suffix(".new")
        new.write_text(moment.isoformat())
        new.replace(self._clock)  # whole at any moment

    def _has_turned(self) -> bool:
        assert self._running.poll() is None, (self._home / "log").read_text()
        with self._journal.reading() as reader:
            last = reader.account("home").last_turn
        return last is not None and last >= self.now

    def _told(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self._home / "alerts").read_text().splitlines()]

    def _minted(self) -> str:
        self._count += 1
        return f"minted-{self._count}@example.org"

    def _say(self, text: str) -> None:
        local = self.now.astimezone(LISBON)
        if self._heading is None or local.date() != self._heading.date():
            self._lines += [f"**{local:%A} {local.day} {local:%B}**", ""]
        self._heading = local
        self._lines += [f"{local:%H:%M} · {text}", ""]


def _moment(when: str) -> datetime:
    """ "Friday 5 June 17:40` of 2026, Ana's time; the day of the week must be right."""
    moment = datetime.strptime(f"{when} 2026", "%A %d %B %H:%M %Y").replace(tzinfo=LISBON)
    assert f"{moment:%A}" == when.split(maxsplit=1)[0], f"that is a {moment:%A}"
    return moment.astimezone(ZoneInfo("UTC"))
