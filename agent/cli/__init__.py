"""The command line: one file a command group; nothing but arguments and printing."""

import sys
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated

import typer

from agent.cli import (
    auth,
    cases,
    completion,
    configuration,
    daemon,
    demonstration,
    doctor,
    export,
    history,
    init,
    lessons,
    letters,
    log,
    logs,
    overview,
    rulebook,
    service,
    topics,
    verdicts,
)
from agent.cli.failures import ending
from agent.cli.options import Options, hoisted

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="--config and --verbose may stand after the command too. `afterword COMMAND --help` explains each command.",
)

_PANELS: dict[str, tuple[Callable[..., None], ...]] = {
    "Begin": (demonstration.demo, init.init),
    "Work on the mailboxes": (daemon.run, daemon.check),
    "See": (overview.status, overview.show, lessons.lessons, verdicts.why, verdicts.judge),
    "Decide": (cases.ask, cases.close, cases.file),
}

for _panel, _commands in _PANELS.items():
    for _command in _commands:
        app.command(rich_help_panel=_panel)(_command)
app.add_typer(log.app, name="log", rich_help_panel="Decide")
app.command(name="import", rich_help_panel="Your history")(history.import_past)
app.command(rich_help_panel="Your history")(export.export)
app.command(rich_help_panel="Your history")(history.forget)
for _name, _group in {"config": configuration.app, "rules": rulebook.app, "letters": letters.app}.items():
    app.add_typer(_group, name=_name, rich_help_panel="Set up")
app.command(rich_help_panel="Set up")(auth.auth)
app.add_typer(service.app, name="service", rich_help_panel="Set up")
app.command(rich_help_panel="Set up")(doctor.doctor)
app.command(rich_help_panel="Set up")(completion.completion)
app.command(name="help", rich_help_panel="Begin")(topics.topic)


def _show_version(wanted: bool) -> None:  # noqa: FBT001 - typer hands an option's value over by place
    if wanted:
        try:
            typer.echo(f"afterword {version('afterword')}")
        except PackageNotFoundError:  # run from a source tree that was never installed
            typer.echo("afterword, from source")
        raise typer.Exit


@app.callback()
def _options(
    context: typer.Context,
    *,
    config: Annotated[
        Path | None,
        typer.Option(
            metavar="PATH", help="The configuration file; else $AFTERWORD_CONFIG, else ~/.config/afterword/config.yaml."
        ),
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", help="Log every step, and a crash in full.")] = False,
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Asks for advice after a rejection.

    Afterword watches your inboxes, recognises the mail that says "no" after an interview, and puts a request for
    advice into your own Drafts. You read it, change it, send it or throw it away. Afterword never sends anything.
    """
    logs.set_up(verbose=verbose, level=logs.QUIET)
    context.obj = Options(config=config, verbose=verbose)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code: 0 done, 1 failed, 2 wrong usage, 78 configuration or sign-in needs the user."""
    given = hoisted(sys.argv[1:] if arguments is None else arguments)
    completion.prepare()
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal without our quotation marks shows others
    return ending(lambda: app(args=given, prog_name="afterword"), verbose="--verbose" in given)
