"""`afterword import` in a process of its own, on a real Dovecot: killed in the midst of it, and asked for again."""

import re
import signal
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from imaplib import Time2Internaldate
from pathlib import Path

import pytest

from agent.journal import Journal
from tests.agent.stage import FEEDBACK, INVITATION, REJECTION, eml
from tests.daemon.household import ALICE, ROOT, Household, wait_until
from tests.servers.dovecot import Dovecot

DAY = timedelta(days=1)
TO = f"Alice Sousa <{ALICE}>"
NOISE = 300
"""Six batches of what means nothing, between the mails of two applications."""


@pytest.fixture
def household(tmp_path: Path) -> Iterator[Household]:
    with Dovecot() as server:
        household = Household(server, tmp_path / "home")
        _fill(household, datetime.now(UTC))
        yield household


def _fill(household: Household, now: datetime) -> None:
    """Two applications of last year: the beginning of each stands before the noise, and what came of it behind."""
    noise = [eml("Sale!", key=f"{n}@shop.example", sender="shop@shop.example", to=TO) for n in range(NOISE)]
    mails = [
        _from("Acme", INVITATION, "inv"),
        _from("Birch", INVITATION, "inv"),
        _from("Acme", REJECTION, "no", answers="inv@acme.example"),
        *noise,
        _from("Acme", FEEDBACK, "feedback", answers="no@acme.example"),
        _from("Birch", REJECTION, "no", answers="inv@birch.example"),
    ]
    with household.imap() as client:
        for number, raw in enumerate(mails):
            at = Time2Internaldate((now - 300 * DAY + number * timedelta(minutes=20)).timestamp())
            assert client.append("INBOX", "", at, raw)[0] == "OK"


def _from(employer: str, text: str, key: str, *, answers: str | None = None) -> bytes:
    domain = f"{employer.lower()}.example"
    sender = f"Jane Doe <jane@{domain}>"
    return eml(text.replace("Acme", employer), key=f"{key}@{domain}", sender=sender, to=TO, answers=answers)


def _known(household: Household) -> list[tuple[str, str | None, list[str]]]:
    """What the store knows, without the names that chance gave."""
    journal = Journal(f"sqlite:///{household.home}/afterword.db")
    try:
        with journal.reading() as reader:
            cases = reader.cases()
    finally:
        journal.close()
    return sorted((case.state.value, case.note, sorted(mail.key for mail in case.mails)) for case in cases)


def _has_begun(household: Household) -> bool:
    if not (household.home / "afterword.db").exists():
        return False
    journal = Journal(f"sqlite:///{household.home}/afterword.db")
    try:
        with journal.reading() as reader:
            return reader.account("home").past_cursor is not None
    finally:
        journal.close()


def test_killed_in_the_midst_it_goes_on_and_ends_the_same(household: Household, tmp_path: Path) -> None:
    """What a batch told is kept with its cursor; the rest is read by the second call, nothing twice. Silently."""
    with subprocess.Popen(household.command("import"), cwd=ROOT, stdout=subprocess.DEVNULL) as first:
        wait_until(lambda: _has_begun(household), what="the first batch")
        first.send_signal(signal.SIGKILL)
    assert first.returncode == -signal.SIGKILL
    second = household.afterword("import")
    assert (second.returncode, second.stderr) == (0, "")
    assert "going on with the import since" in second.stdout
    rest = int(re.search(r"(\d+) messages? read", second.stdout)[1])
    assert 0 < rest < NOISE + 5
    at_once = Household(household.server, tmp_path / "other")
    assert at_once.afterword("import").returncode == 0
    assert _known(household) == _known(at_once)
    assert [mails for _, _, mails in _known(household)] == [
        ["<feedback@acme.example>", "<inv@acme.example>", "<no@acme.example>"],
        ["<inv@birch.example>", "<no@birch.example>"],
    ]
    assert household.drafts() == []
    assert household.unseen() == NOISE + 5
