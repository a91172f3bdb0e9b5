"""``afterword demo``: the whole story on sample mail."""

from pathlib import Path
from typing import Annotated

import typer

from agent.cli.output import console


def demo(
    keep: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Leave the sample mailbox there, to be opened in a mail program."),
    ] = None,
) -> None:
    """Watch the whole story on sample mail: offline, in a few seconds, without a configuration.

    A rejection arrives, the clock starts, a request for advice lies in Drafts; the user sends it, feedback comes back,
    and a thank-you follows.
    """
    from agent.demo import run_demo  # loads everything there is

    raise typer.Exit(run_demo(keep, console(page=True)))
