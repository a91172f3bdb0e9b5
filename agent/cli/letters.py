"""``afterword letters``: which letters there are, what they look like, and whether they are right."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli import options
from agent.cli.output import console, counted, styled

if TYPE_CHECKING:
    from agent.letters import LetterBook
    from agent.letters.book import LetterPack
    from agent.letters.entries import Entry

app = typer.Typer(no_args_is_help=True, help="See the letters that Afterword drafts, and check their tone.")

Language = Annotated[str | None, typer.Option(metavar="LANGUAGE", help="Only this language, such as en.")]


def _book(context: typer.Context, paths: Sequence[Path] = (), *, check: bool = False) -> tuple["LetterBook", str]:
    """The letters in force, or those of these files over the shipped ones, and the name under them."""
    settings = options.of(context).settings_if_any()
    from agent.letters import load_letters  # the templates take a moment to load

    if settings is None:
        return load_letters(None, paths, check=check), "Ana Sousa"
    letters = load_letters(settings.languages, paths or settings.rules, check=check)
    return letters, settings.me.signature or settings.me.name


def _entries(book: "LetterBook", language: str | None) -> Iterator[tuple["LetterPack", "Entry"]]:
    if language is not None and language not in book.packs:
        raise typer.BadParameter(f"there are letters in {', '.join(book.packs)}", param_hint="--language")
    for pack in book.packs.values():
        if language in (None, pack.language):
            yield from ((pack, entry) for entry in pack.entries)


@app.command(name="list")
def list_letters(context: typer.Context, *, language: Language = None) -> None:
    """List the letters: in which language, what for, in which situation, and in how many wordings.

    Of a kind, the first one whose situation is there is taken. Those from your own files say which file.
    """
    out = console()
    for pack, entry in _entries(_book(context)[0], language):
        wordings = counted(len(entry.wordings), "wording")
        yours = f"  yours, {_place(entry)}" if entry.own else ""
        out.print(
            styled((f"{pack.language} {entry.kind:8} ", "bold"), f"{entry.situation:45} {wordings}", (yours, "dim"))
        )


def _place(entry: "Entry") -> str:
    return f"{Path(entry.node.file).name}:{entry.node.at(entry.path).line}"


@app.command()
def preview(
    context: typer.Context,
    kind: Annotated[str | None, typer.Argument(metavar="KIND", help="request, thanks, close or enquiry.")] = None,
    *,
    language: Language = None,
) -> None:
    """Show every wording, filled in with the details of an invented application."""
    from agent.case import LetterKind  # as above

    if kind is not None and kind not in list(LetterKind):
        raise typer.BadParameter(f"there is no letter `{kind}`; write {', '.join(LetterKind)}", param_hint="KIND")
    book, signature = _book(context)
    from agent.letters.check import samples
    from agent.letters.form import Register

    out = console()
    for pack, entry in _entries(book, language):
        if kind not in (None, entry.kind):
            continue
        for number, texts in enumerate(entry.wordings):
            same = texts[Register.FORMAL] is texts[Register.INFORMAL]
            for register in (Register.FORMAL,) if same else Register:
                letter = next(samples(pack, entry, number, register))
                which = f"wording {number + 1}{'' if same else f', {register}'}"
                yours = f" (yours, {_place(entry)})" if entry.own else ""
                title = f"{pack.language} {entry.kind}, {entry.situation}; {which}{yours}"
                out.print(styled((title, "bold"), f"\n\n{letter.subject}\n\n{letter.text(signature)}"))


@app.command()
def check(
    context: typer.Context,
    paths: Annotated[list[Path] | None, typer.Argument(metavar="PATH", help="Your files; else the configured.")] = None,
) -> None:
    """Check every wording, with and without each detail, against the rules for tone and shape.

    Your own letters and tone rules (`letters:` and `tone:` in your rule files) are checked together with the shipped
    ones. Every mistake is told with its file, line and column.
    """
    book, _ = _book(context, paths or (), check=True)
    wordings = sum(len(entry.wordings) for _, entry in _entries(book, None))
    console().print(styled(f"{counted(wordings, 'wording')} ({', '.join(book.packs)}): all right."))
