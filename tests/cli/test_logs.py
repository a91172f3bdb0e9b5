"""Log lines: where they go, what they look like, and what never gets into them."""

import logging
import os
import subprocess
import sys

import pytest

from agent.cli import logs
from agent.places import log_file
from tests.cli.conftest import Home
from tests.cli.happened import drafted


def test_a_line_has_its_fields_and_stays_one_line(home: Home) -> None:
    """Time and level in front, the fields, then the message; a server's line break makes no second record."""
    logs.set_up(verbose=False, level=logs.TELLING)
    log = logging.getLogger("afterword.test")
    log.warning("it said %s", "no\nERROR forged", extra={"account": "home", "case": "k4m2xp", "action": "turn"})
    err = home.capsys.readouterr().err
    assert err.count("\n") == 1
    assert err.endswith("warning action=turn account=home case=k4m2xp it said no ERROR forged\n")


def test_under_systemd_the_journal_gets_its_own_form(home: Home) -> None:
    """A priority in front and no time; only when standard error really is the journal's stream."""
    done = home.run_alone("status", JOURNAL_STREAM="1:2")
    assert "<4>" not in done.err
    script = (
        "import os, logging; s = os.fstat(2); os.environ['JOURNAL_STREAM'] = f'{s.st_dev}:{s.st_ino}';"
        "from agent.cli import logs; logs.set_up(verbose=False, level=logs.TELLING);"
        "logging.getLogger('afterword.x').warning('hot'); logging.getLogger('afterword.x').info('cold')"
    )
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=os.environ)
    assert told.stderr == "<4>hot\n<6>cold\n"


def test_verbose_opens_our_loggers_and_no_others(home: Home) -> None:
    """At DEBUG imapclient logs the mail itself."""
    logs.set_up(verbose=True, level=logs.QUIET)
    logging.getLogger("afterword.turn").debug("ours")
    for name in ("imapclient", "imapclient.imaplib", "apscheduler", "urllib3", "anything"):
        logging.getLogger(name).info("theirs")
        logging.getLogger(name).debug("theirs")
    err = home.capsys.readouterr().err
    assert "ours" in err
    assert "theirs" not in err


def test_commands_that_answer_are_quiet(home: Home) -> None:
    """They log from WARNING on."""
    logs.set_up(verbose=False, level=logs.QUIET)
    logging.getLogger("afterword.turn").info("step")
    assert home.capsys.readouterr().err == ""


def test_the_daemons_lines_are_kept(home: Home) -> None:
    """In a file that the user alone can read, with their fields, from INFO on even when everything is shown."""
    logs.set_up(verbose=True, level=logs.TELLING, kept=True)
    log = logging.getLogger("afterword.test")
    log.info("draft placed", extra={"account": "home", "case": "k4m2xp"})
    log.debug("said ana@example.org")
    assert log_file().read_text().endswith("info    account=home case=k4m2xp draft placed\n")
    assert log_file().stat().st_mode & 0o777 == 0o600
    assert "ana@" not in log_file().read_text()
    assert "ana@" in home.capsys.readouterr().err


def test_the_file_does_not_grow_for_ever(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Full, it is put aside; the oldest goes."""
    monkeypatch.setattr(logs, "_SIZE", 1000)
    logs.set_up(verbose=False, level=logs.TELLING, kept=True)
    for number in range(100):
        logging.getLogger("afterword.test").info("line %d", number)
    kept = sorted(log_file().parent.iterdir())
    assert [each.name for each in kept] == ["afterword.log", "afterword.log.1", "afterword.log.2"]
    assert all(each.stat().st_size <= 1000 for each in kept)
    assert "line 99" in log_file().read_text()


def test_a_place_that_takes_no_lines_stops_nothing(home: Home) -> None:
    """Neither a folder that cannot be made nor one that goes away; standard error has every line."""
    log_file().parent.parent.mkdir(parents=True)
    log_file().parent.write_text("")
    logs.set_up(verbose=False, level=logs.TELLING, kept=True)
    logging.getLogger("afterword.test").info("on")
    err = home.capsys.readouterr().err
    assert err.endswith("info    on\n")
    assert "Traceback" not in err


def test_under_systemd_the_journal_is_enough(home: Home) -> None:
    """No second copy lies in a file."""
    script = (
        "import os; s = os.fstat(2); os.environ['JOURNAL_STREAM'] = f'{s.st_dev}:{s.st_ino}';"
        "from agent.cli import logs; logs.set_up(verbose=False, level=logs.TELLING, kept=True);"
        "import logging; logging.getLogger('afterword.x').info('hot')"
    )
    subprocess.run([sys.executable, "-c", script], check=True, env=os.environ)
    assert not log_file().exists()


def test_without_any_standard_error(home: Home) -> None:
    """As a Windows program without a window has it: the file alone, and no exception."""
    script = (
        "import sys; sys.stderr = None; from agent.cli import logs; logs.set_up(verbose=False, level=20, kept=True);"
        "import logging; logging.getLogger('afterword.x').info('kept')"
    )
    subprocess.run([sys.executable, "-c", script], check=True, env=os.environ)
    assert "kept" in log_file().read_text()


def test_run_and_check_keep_theirs(configured: Home) -> None:
    """And the commands that answer do not."""
    assert configured.run_alone("status").code == 0
    assert not log_file().exists()
    assert configured.run_alone("check").code == 0
    assert log_file().exists()


def test_forgetting_everything_empties_the_file(configured: Home) -> None:
    """While it is being written, too; forgetting one case leaves it, since it names no more than the case."""
    logs.set_up(verbose=False, level=logs.TELLING, kept=True)
    case = configured.happened(*drafted(2))
    logging.getLogger("afterword.test").info("draft placed", extra={"case": case.id})
    writing = logging.root.handlers[-1]
    assert configured.run("forget", case.id, "--yes").code == 0
    assert case.id in log_file().read_text()
    assert configured.run("forget", "--all", "--yes").code == 0
    assert log_file().read_text() == ""
    writing.handle(logging.makeLogRecord({"msg": "on", "levelno": logging.INFO, "levelname": "INFO"}))
    assert log_file().read_text().endswith("on\n")
    assert "\0" not in log_file().read_text()
