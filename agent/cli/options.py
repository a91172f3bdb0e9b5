"""What is said before the command's name, and may be said after it as well."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from agent.config.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Options:
    """The options every command understands."""

    config: Path | None = None
    verbose: bool = False

    def settings(self) -> "Settings":
        """The configuration. Raises ``NoConfig`` or ``Problems``."""
        from agent.config.load import load  # `--help` and `demo` need no configuration and shall not wait for it

        return load(self.config)

    def settings_if_any(self) -> "Settings | None":
        """The configuration, or None when there is none in the usual place. Raises ``Problems``."""
        from agent.config.load import NoConfig, is_named, load  # as above

        try:
            return load(self.config)
        except NoConfig:
            if is_named(self.config):
                raise
            return None


def of(context: typer.Context) -> Options:
    """The options that this command was called with."""
    return context.obj if isinstance(context.obj, Options) else Options()


def hoisted(arguments: Sequence[str]) -> list[str]:
    """The arguments with the common options in front, since nobody remembers on which side of the command they go."""
    front: list[str] = []
    rest: list[str] = []
    remaining = iter(arguments)
    for argument in remaining:
        if argument == "--":
            rest += [argument, *remaining]
        elif argument == "--config":
            if (path := next(remaining, None)) is None:
                return [*front, argument]  # typer then says that the path is missing
            front += [argument, path]
        elif argument == "--verbose" or argument.startswith("--config="):
            front.append(argument)
        else:
            rest.append(argument)
    return front + rest
