"""``afterword help``: a page about one thing, or about one command."""

from difflib import get_close_matches
from importlib.resources import files
from typing import Annotated, Any

import typer

from agent.cli.failures import Impossible
from agent.cli.output import console

TOPICS = {
    "clock": "the 24 hours, reminders, quiet hours",
    "drafts": "what you can do with a draft, and what follows",
    "rules": "how a mail is understood, and how to change that",
    "letters": "what is written, and to which rules",
    "privacy": "what is read, kept, and where",
    "trouble": "when something does not work",
    "exit-codes": "for scripts",
    "words": "what Afterword calls things",
}
"""Each is a file beside this one; docs/help.md has them all."""


def topic(
    context: typer.Context, *, words: Annotated[list[str] | None, typer.Argument(metavar="TOPIC")] = None
) -> None:
    """Explain one thing: clock, drafts, rules, letters, privacy, trouble, exit-codes, words; or a command.

    Without a TOPIC it lists them.
    """
    if not words:
        console().print("\n".join(f"{name:11} {what}" for name, what in TOPICS.items()) + "\n\nafterword help TOPIC")
    elif len(words) == 1 and words[0] in TOPICS:
        _show(page(words[0]))
    else:
        _explain(context.find_root().command, words)


def page(name: str) -> str:
    """A topic's text, as Markdown."""
    return (files(__name__) / f"{name}.md").read_text(encoding="utf-8")


def _show(text: str) -> None:
    """Laid out on a terminal; in a pipe as it is written."""
    out = console()
    if not out.is_terminal:
        out.print(text, end="")
        return
    from rich.markdown import Markdown  # its parser takes a moment to load

    out.print(Markdown(text))


def _explain(root: Any, words: list[str]) -> None:
    """The help of a command or of one within a group. Raises ``Impossible``."""
    below = root
    for word in words:
        known = getattr(below, "commands", {})
        if word not in known:
            near = get_close_matches(word, [*known, *(TOPICS if below is root else ())], n=1)
            hint = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(TOPICS)}; and every command."
            raise Impossible(f"There is no help on {word}. {hint}")
        below = known[word]
    root.main(args=[*words, "--help"], prog_name="afterword", standalone_mode=True)
