"""Runs `afterword check` again and again, each time in a process of its own that is killed (SIGKILL) at a chosen step.

Reads lines ``STEP CONFIG`` and answers each with how the process ended: an exit code, or minus the signal's number.
Step 0 never comes. A step is just before, or just after, a call to the mailbox or the end of a transaction. The
processes are forked from this one, which has loaded the program once: starting it anew takes longer than the turn.
"""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import connectors.trace
from agent.journal import Journal

_kill_at = 0
_steps = count(1)


def step() -> None:
    if next(_steps) == _kill_at:
        os.kill(os.getpid(), signal.SIGKILL)


class Mortal:
    def __init__(self, mailbox: object, _name: str) -> None:
        self._mailbox = mailbox

    def __getattr__(self, verb: str) -> object:
        def call(*args: object, **kwargs: object) -> object:
            step()
            answer = getattr(self._mailbox, verb)(*args, **kwargs)
            if isinstance(answer, Iterator):
                return self._each(answer)
            step()
            return answer

        return call

    def _each(self, answers: Iterator[object]) -> Iterator[object]:
        for one in answers:
            step()
            yield one


_writing = Journal.writing


@contextmanager
def writing(self: Journal):
    with _writing(self) as writer:
        yield writer
        step()
    step()


connectors.trace.traced = Mortal
Journal.writing = writing
from agent.cli import main  # noqa: E402 - the command line must meet the mortal parts
from agent.letters import load_letters  # noqa: E402
from rules.load import load_rulebook  # noqa: E402

load_rulebook("auto", ())
load_letters(None)
for line in sys.stdin:
    wanted, config = line.split()
    child = os.fork()
    if child == 0:
        _kill_at = int(wanted)
        os.dup2(2, 1)  # what the command prints is not an answer
        os._exit(main(["--config", config, "check"]))
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
