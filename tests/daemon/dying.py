"""Runs the command line like ``python -m agent.cli``, and kills its own process at step N: ``dying.py N ARGUMENTS``.

A step is just before, or just after, a call to the mailbox or the end of a transaction.
"""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import connectors.trace
from agent.journal import Journal

_steps = iter(range(1, 1_000_000))


def step() -> None:
    if next(_steps) == int(sys.argv[1]):
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

sys.exit(main(sys.argv[2:]))
