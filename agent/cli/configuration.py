"""``afterword config``: is the configuration right, and what may stand in it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import typer

from agent.cli import options
from agent.cli.output import console, counted, emit, styled, warned
from rules.source import Problem, read_file

if TYPE_CHECKING:
    from agent.config.settings import Settings

app = typer.Typer(no_args_is_help=True, help="Check the configuration file, or show what may stand in it.")


@app.command()
def check(context: typer.Context) -> None:
    """Read the configuration and say what is wrong with it: every mistake, with its line and column.

    Your own rule files are read too. Nothing is connected to and nothing is changed. A policy entry that can never
    decide is told as a warning.
    """
    settings = options.of(context).settings()
    if settings.rules:
        from rules.load import load_rulebook  # the rules take a moment to load

        load_rulebook(settings.languages or "auto", settings.rules)
    out = console()
    for warning in _warnings(settings):
        out.print(warned(warning))
    out.print(styled(f"{settings.source}: no mistakes found."))
    for account in settings.accounts:
        out.print(styled((f"  {account.name}", "bold"), f"  {account.connector}  {', '.join(account.addresses)}"))
    if settings.rules:
        out.print(f"  {counted(len(settings.rules), 'rule file')} of your own")


def _warnings(settings: "Settings") -> Iterator[Problem]:
    from agent.policy import shadowed  # late, like the rules

    root = read_file(settings.source)
    for number, before in shadowed(settings.policy):
        line = root.at(["policy", before]).line
        yield root.problem(f"This entry never decides: the one on line {line} holds before it.", ["policy", number])


@app.command()
def schema() -> None:
    """Print the JSON Schema of the configuration file, so that your editor completes and checks it.

    Editors with the YAML language server want this line at the top of the file: `# yaml-language-server: $schema=PATH`
    """
    from agent.config.load import schema as config_schema

    emit(config_schema())
