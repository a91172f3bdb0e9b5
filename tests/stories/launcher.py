"""Starts Afterword under a story's clock: ``launcher.py CLOCK SEED ARGUMENT...``, where CLOCK is a file that holds a
moment. The heartbeat is quick, and case ids are the seed's, since the wording of a letter is chosen by them."""

import random
import secrets
import sys
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import agent.journal.journal
import agent.watch.daemon
from agent.cli import clock, main

_clock, _seed = Path(sys.argv[1]), sys.argv[2]

clock.now = lambda: datetime.fromisoformat(_clock.read_text())
agent.watch.daemon.HEARTBEAT = 0.1
_same_ids = random.Random(_seed).choice  # noqa: S311 - the names of cases, the same in every run
agent.journal.journal.secrets = SimpleNamespace(choice=_same_ids, token_hex=secrets.token_hex)

sys.exit(main(sys.argv[3:]))
