"""``afterword completion``: what a shell needs to complete our commands, options and cases."""

import os
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from agent.config.settings import Settings

_VARIABLE = "_AFTERWORD_COMPLETE"
"""Set by the script when the shell asks us what may follow (typer's own protocol)."""


class Shell(StrEnum):
    """Those that typer writes scripts for and people use for mail."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"


def completion(shell: Annotated[Shell, typer.Argument(help="Your shell.")]) -> None:
    """Print a script that lets your shell complete commands, options, cases and accounts.

    bash: add `eval "$(afterword completion bash)"` to ~/.bashrc. zsh: add `eval "$(afterword completion zsh)"` to
    ~/.zshrc, after compinit. fish: `afterword completion fish > ~/.config/fish/completions/afterword.fish`
    """
    from typer.completion import get_completion_script  # type: ignore[attr-defined] # kept there, though not in __all__

    typer.echo(get_completion_script(prog_name="afterword", complete_var=_VARIABLE, shell=shell.value))


def prepare() -> None:
    """When a shell asks what may follow: let typer know how each of them wants to be answered."""
    if _VARIABLE in os.environ:
        from typer.completion import completion_init  # type: ignore[attr-defined] # as above

        completion_init()


def cases(context: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """The cases that begin so, each with its employer; none rather than a trouble on the prompt."""
    from agent.cli.store import opened_journal  # late: this is asked between two keys

    try:
        with opened_journal(_settings(context)) as journal, journal.reading() as reader:
            found = reader.cases()
    except Exception:  # noqa: BLE001 - nobody wants to read of a broken store between two keys
        return []
    return [(each.id, each.employer or "") for each in found if each.id.startswith(incomplete.lower())]


def accounts(context: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """The accounts that begin so, each with its connector."""
    try:
        known = _settings(context).accounts
    except Exception:  # noqa: BLE001 - as above
        return []
    return [(each.name, each.connector) for each in known if each.name.startswith(incomplete)]


def _settings(context: typer.Context) -> "Settings":
    from agent.cli.options import Options  # as above

    return Options(config=context.find_root().params.get("config")).settings()
