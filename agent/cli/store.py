"""The journal, opened for one command."""

from collections.abc import Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.completion import cases
from agent.cli.failures import Impossible
from agent.config.settings import Settings

if TYPE_CHECKING:
    from agent.case import Case
    from agent.journal import Journal, Reader


CaseName = Annotated[
    str, typer.Argument(metavar="CASE", help="The six letters that `afterword status` shows.", autocompletion=cases)
]


@contextmanager
def opened_journal(settings: Settings) -> Iterator["Journal"]:
    """The store of these settings; let go of at the end. Raises ``StoreTrouble``."""
    from agent.journal import Journal  # the database takes a quarter of a second to load

    journal = Journal(settings.store)
    try:
        yield journal
    finally:
        journal.close()


def case_called(reader: "Reader", name: str) -> "Case":
    """The case of that name, in any letter case. Raises ``Impossible``."""
    case = reader.case(name.strip().lower())
    if case is not None:
        return case
    known = [each.id for each in reader.cases()]
    near = get_close_matches(name.lower(), known, n=1)
    hint = f" Did you mean {near[0]}?" if near else " `afterword status` shows the cases there are."
    raise Impossible(f"There is no case {name}.{hint}")
