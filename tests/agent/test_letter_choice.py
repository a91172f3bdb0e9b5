"""Which letter is taken: by what happened, by whom it goes to, in which language and form of address."""

import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from agent.case import Case, LetterKind, Mail, Person, Trigger
from agent.case.events import DraftPlaced, DraftSent, Event, Logged
from agent.correspondents import Correspondent, FoundBy, find
from agent.letters import compose, facts
from agent.letters.agencies import is_agency
from agent.letters.check import samples
from agent.letters.form import Fact, Register
from rules.known import Known
from tests.agent.facts import NOON, case_of, filed, hours, mail, promised
from tests.agent.letters import ANA, BOOK, SETTINGS, case_with, notice, text_of, written


def entry_of(case: Case, whom: Correspondent | None = None) -> list[str]:
    """The conditions of the entry that is taken for the case's letter."""
    letter = case.letters[-1]
    found = whom or find(case, letter.kind, own=ANA)
    held = facts.situation(case, letter, found)
    return sorted(BOOK.packs["en"].entry(letter.kind, held).when)


@pytest.mark.parametrize(
    ("told", "conditions"),
    [
        (notice(), ["interviewed"]),
        (notice(stage="applied"), []),
        (replace(notice(), meaning="filled"), ["filled"]),
        (notice(flags=("feedback_offered",)), ["feedback offered"]),
        (notice(flags=("feedback_ruled_out",)), ["feedback ruled out"]),
        (notice(flags=("feedback_offered", "feedback_ruled_out")), ["feedback offered"]),
        (notice(sender="no-reply@ats.example", human=False), ["elsewhere", "interviewed"]),
    ],
)
def test_the_request_fits_the_notice(told: Mail, conditions: list[str]) -> None:
    """An offer is accepted, a refusal respected, and who has not seen the notice is told the news first."""
    assert entry_of(case_with(told)) == conditions


def test_a_ruled_out_feedback_is_not_asked_for() -> None:
    """The letter is a thank-you; nobody is expected to answer."""
    refused = written(case_with(notice(flags=("feedback_ruled_out",))))
    assert not refused.asks
    assert "?" not in refused.draft.text
    assert written(case_with(notice())).asks


def test_whoever_told_the_news_on_the_phone_has_seen_it() -> None:
    """A logged call by the same person needs no „I have heard“."""
    call = Logged(at=NOON, what="call", person=Person(address="jane@acme.example", name="Jane Doe"))
    machine = notice(sender="no-reply@ats.example", human=False)
    case = case_of(filed(machine, Trigger.NOTICE), call, promised())
    assert find(case, LetterKind.REQUEST, own=ANA).found_by is FoundBy.LOGGED
    assert entry_of(case) == ["interviewed"]
    assert "call" not in text_of(case)
    met = replace(call, what="interview")
    assert entry_of(case_of(filed(machine, Trigger.NOTICE), met, promised())) == ["elsewhere", "interviewed"]


def by_word(what: str, *, to: str | None = "jane@acme.example") -> Case:
    """An application that was turned down in this way, and by no mail."""
    jane = Person(address="jane@acme.example", name="Jane Doe")
    told = Logged(at=NOON, what=what, account="home", person=jane)
    met = mail("interview", key="<i@acme.example>", sender=to, arrived=NOON - timedelta(days=2))
    return case_of(filed(met, Trigger.INTERVIEW), told, promised())


@pytest.mark.parametrize(("what", "thanks"), [("call", {"call", "ring", "speak"}), ("letter", {"letter"})])
def test_news_by_word_is_thanked_for_as_it_came(what: str, thanks: set[str]) -> None:
    """The call or the letter on paper; a line about the phone stands in no other letter."""
    case = by_word(what)
    assert entry_of(case) == ["logged"]
    said = set(re.findall(r"\w+", text_of(case)))
    assert said & thanks
    assert "phone" not in said or what == "call"


def test_only_who_told_the_news_is_thanked_for_telling_it() -> None:
    """An interviewer who is written to instead is told the news first; a mail counts more than the call."""
    case = by_word("call")
    tom = Correspondent(person=Person(address="tom@acme.example"), found_by=FoundBy.THREAD, parent=None)
    assert entry_of(case, tom) == ["elsewhere", "interviewed"]
    call = Logged(at=NOON, what="call", person=Person(address="jane@acme.example"))
    assert entry_of(case_of(filed(notice(), Trigger.NOTICE), call, promised())) == ["interviewed"]


@pytest.mark.parametrize(
    ("sender", "employer", "known"),
    [
        ("jane@hays.example", "Acme", True),
        ("jane@mail.hays.example", "Acme", True),
        ("jane@brightsearch-recruitment.example", "Acme", True),
        ("jane@muster-personalberatung.example", "Acme", True),
        ("jane@hays.example", "Hays plc", False),
        ("jane@brightsearch-recruitment.example", "BrightSearch Recruitment", False),
        ("jane@acme-recruitment.example", "Acme Robotics", False),
        ("jane@acmerecruitment.example", "Acmé", False),
        ("jane@hays.example", None, False),
        ("jane@hays.example", "G2", False),
        ("jane@acme.example", "Globex", False),
        ("jane@smartrecruiters.com", "Acme", False),
        ("hays@gmail.com", "Acme", False),
        ("jane@hayston.example", "Acme", False),
        ("jane@recruitment", "Acme", False),
        ("@", "Acme", False),
        ("", "", False),
    ],
)
def test_an_agency_is_known_by_its_address(sender: str, employer: str | None, *, known: bool) -> None:
    """Only where the employer is another company: nobody's own recruiter reads of “your client”."""
    assert is_agency(Person(address=sender), employer, Known()) is known


def test_an_agency_is_asked_what_its_client_said() -> None:
    """In every wording; whether or not the recruiter's own mail was the notice."""
    told = notice(sender="jane@hays.example", employer="Acme")
    for number in range(6):
        case = case_with(told, series=number)
        assert entry_of(case) == ["agency"]
        assert "client" in text_of(case)
    assert is_agency(None, "Acme", Known()) is False
    assert Known(agencies=("*@talents.example",)).is_agency("Jane@Talents.example")


def with_answer(meaning: str, text: str | None, *, language: str = "en", asked_before: bool = False) -> Case:
    answer = mail(meaning, key="<answer@acme.example>", arrived=NOON + hours(30), text=text, language=language)
    events: list[Event] = [filed(notice(), Trigger.NOTICE), promised()]
    trigger = Trigger.DECLINE if meaning == "feedback_declined" else Trigger.FEEDBACK
    if asked_before:
        events += [
            promised(LetterKind.THANKS, number=2),
            DraftPlaced(at=NOON, ref="r", to=None, found_by="", parent=None, asks=True),
            DraftSent(at=NOON, message_id=None, asks=True),
        ]
    return case_of(*events, filed(answer, trigger), promised(LetterKind.THANKS, number=len(events)))


CLEAR = "Your answer about sharding stayed on the surface. Next time, for example, draw the data flow first."


@pytest.mark.parametrize(
    ("meaning", "text", "language", "asks"),
    [
        ("feedback", "We were looking for someone with more hands-on experience.", "en", True),
        ("feedback", "You came across as somewhat nervous, and another candidate was a better fit.", "en", True),
        ("feedback", "Your communication skills could be stronger.", "en", True),
        ("feedback", CLEAR, "en", False),
        ("feedback", "More depth would help, for instance when we asked about indexes.", "en", False),
        ("feedback", "More structure. " + "We went through every task with the whole panel again. " * 8, "en", False),
        ("feedback", "Es fehlte etwas mehr Erfahrung.", "de", True),
        ("feedback", "Du warst etwas unsicher, zum Beispiel bei der Frage zu Indizes.", "de", False),
        ("feedback", "Plus d'expérience.", "fr", True),
        ("feedback", "Více zkušeností.", "cs", False),
        ("feedback", None, "en", False),
        ("feedback_declined", "We do not give feedback on interview skills.", "en", False),
    ],
)
def test_unclear_feedback_is_thanked_for_with_a_question(meaning: str, text: str, language: str, *, asks: bool) -> None:
    """Only where it names a direction and nothing to practise, in a language that is known."""
    assert written(with_answer(meaning, text, language=language)).asks is asks


LINE = "Your examples could have been more specific to the role, for instance on sharding. Best wishes, Jane"


def test_a_line_is_thanked_for_briefly_and_a_page_at_length() -> None:
    """Whoever wrote a line is not thanked for the trouble of writing it all down."""
    short, long = (text_of(with_answer("feedback", text)) for text in (LINE, f"{LINE}. {CLEAR} {CLEAR}"))
    assert len(short) < len(long)
    brief, substantial = (BOOK.packs["en"].entry(LetterKind.THANKS, held) for held in (set[Fact](), {Fact.SUBSTANTIAL}))
    for entry, text in ((brief, short), (substantial, long)):
        bodies = [letter.body for at in range(3) for letter in samples(BOOK.packs["en"], entry, at, Register.FORMAL)]
        assert any(body in text for body in bodies)


def test_an_example_is_asked_for_once() -> None:
    """A second unclear answer gets plain thanks."""
    vague = "We were looking for more experience."
    assert written(with_answer("feedback", vague)).asks
    assert not written(with_answer("feedback", vague, asked_before=True)).asks


def test_a_second_enquiry_knows_that_it_is_one() -> None:
    """Other words than the first."""
    invitation = mail("interview", key="<i@acme.example>", subject="Interview", arrived=NOON - timedelta(days=8))
    first = case_of(filed(invitation, Trigger.INTERVIEW), promised(LetterKind.ENQUIRY))
    assert entry_of(first) == []
    sent = (
        DraftPlaced(at=NOON, ref="r", to=invitation.sender, found_by="inviter", parent="<i@acme.example>"),
        DraftSent(at=NOON, message_id="<e1@example.org>"),
    )
    second = case_of(
        filed(invitation, Trigger.INTERVIEW),
        promised(LetterKind.ENQUIRY),
        *sent,
        promised(LetterKind.ENQUIRY, number=2),
    )
    assert entry_of(second) == ["again"]


def test_the_wordings_take_turns_and_a_letter_keeps_its_own() -> None:
    """Equal arguments give equal drafts; employers who follow each other never get the same text."""
    cases = [case_with(notice(), series=number) for number in range(9)]
    assert [written(case) for case in cases] == [written(case) for case in cases]
    assert set(Counter(text_of(case) for case in cases).values()) == {3}
    assert all(text_of(one) != text_of(other) for one, other in pairwise(cases))


def test_not_every_user_begins_with_the_same_wording() -> None:
    """Employers hear from many people: the first letters of two of them may differ."""
    case = case_with(notice())
    whom = find(case, LetterKind.REQUEST, own=ANA)
    users = [replace(SETTINGS, me=replace(SETTINGS.me, name=f"User {number}", signature="")) for number in range(30)]
    texts = [
        compose(case, case.letters[-1], correspondent=whom, settings=user, account=ANA, book=BOOK).draft.text
        for user in users
    ]
    assert len({text.partition("User")[0] for text in texts}) == 3


def test_another_interview_is_mentioned_only_when_one_is_known() -> None:
    """It must be true."""
    for number in range(6):
        case = case_with(notice(), series=number)
        assert "coming up" not in text_of(case)
        assert "coming up" in text_of(case, next_interview=True)


def begins(case: Case) -> str:
    return text_of(case).partition("\n")[0]


def test_the_letter_speaks_as_it_was_spoken_to() -> None:
    """The parent's language and form of address; English and formal where they are not known."""
    assert begins(case_with(notice())) == "Dear Jane Doe,"
    assert begins(case_with(notice(flags=("informal",)))) == "Hello Jane,"
    assert begins(case_with(notice(language="de"))) == "Guten Tag Jane Doe,"
    assert begins(case_with(notice(language="de", flags=("formal",)))) == "Guten Tag Jane Doe,"
    assert begins(case_with(notice(language="de", flags=("informal",)))) == "Hallo Jane,"
    assert begins(case_with(notice(language="de", flags=("formal", "informal")))) == "Guten Tag Jane Doe,"
    assert begins(case_with(notice(language="xx"))) == "Dear Jane Doe,"
    assert begins(case_with(notice(language=None))) == "Dear Jane Doe,"


def test_the_interviewers_du_counts_more_than_the_systems_sie() -> None:
    """The parent tells, not the notice, when the letter answers another mail."""
    machine = notice(sender="no-reply@ats.example", human=False, language="de", flags=("formal",))
    invitation = mail("interview", key="<i@acme.example>", language="de", flags=("informal",), arrived=NOON - hours(90))
    assert begins(case_with(machine, invitation)) == "Hallo Jane,"
    assert begins(case_with(machine, replace(invitation, flags=()))) == "Guten Tag Jane Doe,"
    both = replace(machine, flags=("formal", "informal"))
    mixed = case_with(both, invitation)
    assert facts.register(mixed, None) is Register.INFORMAL
