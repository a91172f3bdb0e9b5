"""``afterword rules``: are the rules right, which are there, and what may stand in a rule file."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli import options
from agent.cli.output import console, counted, emit, styled, warned

if TYPE_CHECKING:
    from rules.load import Rulebook

app = typer.Typer(no_args_is_help=True, help="Check the rules that recognise mail, list them, or get their schema.")


def _load(context: typer.Context, paths: list[Path], *, prove: bool = False) -> "Rulebook":
    from rules.load import load_rulebook  # the pattern engine takes a moment to load

    settings = options.of(context).settings_if_any()
    languages = settings.languages if settings else None
    return load_rulebook(languages or "auto", tuple(paths) or (settings.rules if settings else ()), prove=prove)


@app.command()
def check(
    context: typer.Context,
    paths: Annotated[list[Path] | None, typer.Argument(metavar="PATH", help="Rule files; else your own.")] = None,
) -> None:
    """Load the rules and run every example in them: each `hits` must be found, no `misses` may be.

    Every mistake is told with its file, line and column. What is allowed but looks odd is told as a warning; the
    rules are right all the same. With PATH only that file is looked at; without, the shipped rules too, which takes
    half a minute.
    """
    from rules.lint import lint  # as above

    rulebook = _load(context, paths or [], prove=not paths)
    warnings = lint(rulebook, [str(path) for path in paths] if paths else None)
    out = console()
    for warning in warnings:
        out.print(warned(warning))
    examples = sum(len(rule.hits) + len(rule.misses) for rule in rulebook.rules)
    found = f"{counted(len(rulebook.rules), 'rule')} ({', '.join(rulebook.packs)}), {counted(examples, 'example')}"
    but = f", with {counted(len(warnings), 'warning')}" if warnings else ""
    out.print(styled(f"{found}: all right{but}."))


@app.command(name="list")
def list_rules(context: typer.Context) -> None:
    """List every rule in force: its name, what it says, how much it weighs, and where it stands."""
    out = console()
    for rule in sorted(_load(context, []).rules, key=lambda rule: rule.name):
        place = f"{Path(rule.file).name}:{rule.line}"
        out.print(styled((f"{rule.name:44} ", "bold"), f"{rule.says:17} {rule.weight.name.lower():9} ", (place, "dim")))


@app.command(name="try")
def try_rules(
    context: typer.Context,
    paths: Annotated[list[Path] | None, typer.Argument(metavar="PATH", help="Rule files; else your own.")] = None,
    *,
    since: Annotated[str, typer.Option(metavar="LENGTH", help="How far back: 90d, 12h.")] = "90d",
) -> None:
    """Try rules on your own mail: show every mail that they would read differently.

    Without PATH your own rules are compared with none; with it those files with your own rules. Your mail is only
    read: nothing is written, nothing is marked read, no draft is placed.
    """
    from agent.cli import trial  # as above
    from agent.config.values import duration

    try:
        back = duration(since)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--since") from None
    found = trial.run(options.of(context).settings(), tuple(paths or ()), back)
    trial.show(found, console())
    for failure in found.failures:
        print(failure, file=sys.stderr)
    if found.failures:
        raise typer.Exit(1)


@app.command()
def schema() -> None:
    """Print the JSON Schema of rule files, so that your editor completes and checks them.

    Editors with the YAML language server want this line at the top of the file: `# yaml-language-server: $schema=PATH`
    """
    from rules.load import rules_schema  # as above

    emit(rules_schema())
