"""``afterword letters``: which letters there are, what they look like, and whether they are right."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli import options
from agent.cli.output import console, counted, styled

if TYPE_CHECKING:
    from agent.letters import LetterBook
    from agent.letters.book import Entry, LetterPack

app = typer.Typer(no_args_is_help=True, help="See the letters that Afterword drafts, and check their tone.")

Language = Annotated[str | None, typer.Option(metavar="LANGUAGE", help="Only this language, such as en.")]


def _book(context: typer.Context, *, check: bool = False) -> tuple["LetterBook", str]:
    """The letters in force, and the name under them."""
    settings = options.of(context).settings_if_any()
    from agent.letters import load_letters  # the templates take a moment to load

    if settings is None:
        return load_letters(check=check), "Ana Sousa"
    return load_letters(settings.languages, check=check), settings.me.signature or settings.me.name


def _entries(book: "LetterBook", language: str | None) -> Iterator[tuple["LetterPack", "Entry"]]:
    if language is not None and language not in book.packs:
        raise typer.BadParameter(f"there are letters in {', '.join(book.packs)}", param_hint="--language")
    for pack in book.packs.values():
        if language in (None, pack.language):
            yield from ((pack, entry) for entry in pack.entries)


@app.command(name="list")
def list_letters(context: typer.Context, *, language: Language = None) -> None:
    """List the letters: in which language, what for, in which situation, and in how many wordings.

    Of a kind, the first one whose situation is there is taken.
    """
    out = console()
    for pack, entry in _entries(_book(context)[0], language):
        situation = ", ".join(sorted(fact.value for fact in entry.when)) or "otherwise"
        wordings = counted(len(entry.wordings), "wording")
        out.print(styled((f"{pack.language} {entry.kind:8} ", "bold"), f"{situation:45} {wordings}"))


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
        situation = ", ".join(sorted(fact.value for fact in entry.when)) or "otherwise"
        for number, texts in enumerate(entry.wordings):
            same = texts[Register.FORMAL] is texts[Register.INFORMAL]
            for register in (Register.FORMAL,) if same else Register:
                letter = next(samples(pack, entry, number, register))
                title = (
                    f"{pack.language} {entry.kind}, {situation}; wording {number + 1}{'' if same else f', {register}'}"
                )
                out.print(styled((title, "bold"), f"\n\n{letter.subject}\n\n{letter.text(signature)}"))


@app.command()
def check(context: typer.Context) -> None:
    """Check every wording, with and without each detail, against the rules for tone and shape."""
    book, _ = _book(context, check=True)
    wordings = sum(len(entry.wordings) for _, entry in _entries(book, None))
    console().print(styled(f"{counted(wordings, 'wording')} ({', '.join(book.packs)}): all right."))
