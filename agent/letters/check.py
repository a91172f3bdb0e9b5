"""Every template proves itself when it is loaded: each wording, in each register, with and without each field."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from agent.letters.book import LetterPack
from agent.letters.entries import Entry, Text
from agent.letters.form import Register
from agent.letters.render import Fields, Rendered, day, render
from agent.tone import ToneBook, breaches, structure
from rules.source import Problem

_SAMPLES: Mapping[str, tuple[str | bool | None, ...]] = {
    "name": ("Jane Doe",),
    "first_name": ("Jane",),
    "employer": ("Acme", None),
    "position": ("Senior Backend Engineer", None),
    "interview": (True, None),
    "interviewed": (True, False),
    "elsewhere": (False, True),
    "called": (True, False),
    "next_interview": (False, True),
    "me": ("Ana Sousa",),
}


def samples(pack: LetterPack, entry: Entry, wording: int, register: Register) -> Iterator[Rendered]:
    """The wording with every mixture of known and unknown fields that it looks at and that its conditions allow."""
    for fields in _mixtures(entry, (entry.wordings[wording][register], entry.subject[register])):
        held = day(pack, 12, 5) if fields["interview"] else None
        yield render(pack, entry, wording, register, {**fields, "interview": held})


def problems(pack: LetterPack, entry: Entry, tone: ToneBook) -> Iterator[Problem]:
    """What the tone rules and the shapes say against the entry's wordings."""
    told = set[tuple[str, str]]()
    for wording, texts in enumerate(entry.wordings):
        for register in _distinct(texts):
            path = [*entry.path, "wordings", wording, register.value]
            for rule, sentence in _against(pack, entry, wording, register, tone):
                if (str(path), rule) not in told:
                    told.add((str(path), rule))
                    yield entry.node.problem(sentence, path)


def _against(
    pack: LetterPack, entry: Entry, wording: int, register: Register, tone: ToneBook
) -> Iterator[tuple[str, str]]:
    """Each rule that some mixture of fields breaks, and the sentence that says so."""
    letters = samples(pack, entry, wording, register)
    while letter := _filled_in(letters):
        if isinstance(letter, str):
            yield "template", f"This wording cannot be filled in: {letter}."
            return
        found = (
            *breaches(letter.body, pack.language, entry.kind, tone),
            *structure(letter.body, pack.language, entry.shape, tone),
        )
        for breach in found:
            words = f" (“{breach.words}”)" if breach.words else ""
            yield breach.rule, f"This wording breaks {breach.rule}{words}. {breach.instead}"


def _filled_in(letters: Iterator[Rendered]) -> Rendered | str | None:
    """The next sample; as text what hinders it; None when there are no more."""
    try:
        return next(letters, None)
    except Exception as error:  # noqa: BLE001 - whatever a template tries, its author is told
        return str(error) or type(error).__name__


def _mixtures(entry: Entry, texts: Sequence[Text]) -> Iterator[Fields]:
    uses = frozenset[str]().union(*(text.uses for text in texts))
    settled = {fact.value for fact in entry.when}
    choices = {
        field: (True,) if field in settled else values if field in uses else values[:1]
        for field, values in _SAMPLES.items()
    }
    for values in product(*choices.values()):
        yield dict(zip(choices, values, strict=True))


def _distinct(texts: Mapping[Register, Text]) -> list[Register]:
    """One register where both have the same text."""
    formal, informal = texts[Register.FORMAL], texts[Register.INFORMAL]
    return [Register.FORMAL] if formal is informal else [Register.FORMAL, Register.INFORMAL]
