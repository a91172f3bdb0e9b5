"""How a command ends: the exit code, and for a failure a sentence on standard error, never a traceback."""

import traceback
from collections.abc import Callable

from agent.places import crash_file
from connectors.port import Failure, Refused
from rules.source import Problems

FAILED = 1
NEEDS_USER = 78
"""EX_CONFIG of sysexits(3): starting again helps nothing until the user has done something."""


class Impossible(Exception):
    """What the user asked for cannot be done now. Its text says why and what can be."""


def ending(run: Callable[[], object], *, verbose: bool) -> int:
    """Run a command and give its exit code."""
    try:
        run()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(bool(ended.code))
    except Exception as failure:  # noqa: BLE001 - the last stop: whatever happened, the user gets a sentence
        code, sentence = told(failure)
        if verbose:
            traceback.print_exc()
        from agent.cli.output import complain  # late: a command that ends well does not need it

        complain(sentence)
        return code
    return 0


def told(failure: Exception) -> tuple[int, str]:
    """The exit code of a failure, and the sentence for the user."""
    from agent.config.load import NoConfig  # late, like the store: a command that ends well does not need them
    from agent.journal import StoreTrouble
    from agent.lock import AlreadyRunning

    match failure:
        case Problems():
            return NEEDS_USER, f"{failure}\n{_count(failure)}"
        case NoConfig() | Refused():
            return NEEDS_USER, str(failure)
        case StoreTrouble() | Failure() | AlreadyRunning() | Impossible():
            return FAILED, str(failure)
        case OSError() if failure.strerror:
            return FAILED, f"{failure.strerror}{f': {failure.filename}' if failure.filename else ''}"
        case _:
            return FAILED, _crash(failure)


def _count(found: Problems) -> str:
    number = len(found.problems)
    return "This has to be put right first." if number == 1 else f"These {number} have to be put right first."


def _crash(failure: Exception) -> str:
    """A mistake of ours: where it happened is kept in a file that can be sent to us, without the values it held."""
    frames = "".join(traceback.format_list(traceback.extract_tb(failure.__traceback__)))
    path = crash_file()
    sentence = (
        f"Something went wrong inside Afterword ({type(failure).__name__}). It is not your mistake. "
        "`--verbose` shows the details."
    )
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.write_text(f"{type(failure).__name__}\n{frames}")
    except OSError:
        return sentence
    return f"{sentence} Where it happened, without any mail, is written to {path}; please send it to us."
