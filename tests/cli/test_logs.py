"""Log lines: where they go, what they look like, and what never gets into them."""

import logging
import os
import subprocess
import sys

from agent.cli import logs
from tests.cli.conftest import Home


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
