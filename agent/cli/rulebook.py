"""``afterword rules``: are the rules right, which are there, and what may stand in a rule file."""

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
    rules are right all the same.
    """
    from rules.lint import lint  # as above

    rulebook = _load(context, paths or [], prove=True)
    warnings = lint(rulebook)
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


@app.command()
def schema() -> None:
    """Print the JSON Schema of rule files, so that your editor completes and checks them.

    Editors with the YAML language server want this line at the top of the file: `# yaml-language-server: $schema=PATH`
    """
    from rules.load import rules_schema  # as above

    emit(rules_schema())
