"""One text to its points: lists, headings, turns within a sentence; hostile text in bounded time."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.lessons.points import MAX_POINTS, points_of
from agent.lessons.values import Kind
from rules.load import Theme
from tests.agent.learnt import LISTED
from tests.agent.stage import books


def points(text: str, language: str | None = "en") -> list[tuple[str, str]]:
    return [(point.kind.value, point.quote) for point in points_of(text, language, books().rules)]


def test_a_heading_tells_what_its_items_are():
    """The general remark above it gives nothing, and list marks are no part of a quote."""
    assert points(LISTED) == [
        ("strength", "warm and easy to talk to"),
        ("strength", "well structured presentation"),
        ("work", "Practise shorter answers"),
        ("work", "we often lost the thread."),
        ("work", "You knew little about our product."),
    ]


def test_a_heading_ends_with_its_paragraph():
    """What follows the list speaks for itself."""
    text = "To improve:\n- structure\n\nYour presentation was excellent."
    assert points(text) == [("work", "structure"), ("strength", "Your presentation was excellent.")]


def test_a_list_may_stand_apart_from_its_heading():
    assert points("To improve:\n\n- structure\n\n- eye contact") == [("work", "structure"), ("work", "eye contact")]


def test_numbers_within_a_line_begin_points():
    assert points("To improve: (1) shorter answers (2) more eye contact") == [
        ("work", "shorter answers"),
        ("work", "more eye contact"),
    ]


def test_a_turn_divides_praise_from_advice():
    """Only where the writer made a pause: the words may stand within a point as well."""
    assert points("Your code was excellent, but your answers were too long.") == [
        ("strength", "Your code was excellent"),
        ("work", "but your answers were too long."),
    ]
    assert points("Your answers were thorough but too long.") == [("work", "Your answers were thorough but too long.")]


def test_firstly_and_also_are_points_of_their_own():
    text = "Firstly, your answers were too long. Also, you could bring more examples."
    assert [kind for kind, _ in points(text)] == ["work", "work"]


@pytest.mark.parametrize(
    "text",
    [
        "Others were simply a better fit.",
        "We had a strong field this time.",
        "The position is on hold because of a hiring freeze.",
        "We enjoyed meeting you.",
        "Thank you for your interest in the role.",
        "Would you like to talk about it on the phone?",
        "We wish you all the best for the future.",
        "We will keep your CV on file.",
    ],
)
def test_what_says_nothing_gives_nothing(text: str):
    assert points(text) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "To be frank, your age was a concern, and your answers were too long."),
        ("de", "Mit zwei kleinen Kindern wären die Reisen wohl schwierig."),
        ("fr", "Votre âge a posé question, car l'équipe est jeune."),
        ("es", "El equipo es muy joven y tu edad generó dudas."),
        ("it", "Il gruppo è giovane e la tua età ha sollevato dubbi."),
        ("nl", "Het team is jong en je leeftijd gaf twijfel."),
        ("pl", "Zespół jest młody, a Pani wiek budził wątpliwości."),
        ("pt", "A equipa é jovem e a sua idade levantou dúvidas."),
        ("sv", "Teamet är ungt och din ålder väckte frågor."),
        ("ja", "チームが若いため、年齢が気になったそうです。"),
    ],
)
def test_a_protected_ground_leaves_no_words(language: str, text: str):
    """In every language, and whatever else the sentence says."""
    assert points(text, language) == [("protected", "")]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Christian from the panel felt that your answers were too long."),
        ("de", "Ihre Antworten zur Arbeit mit Kindern waren etwas lang."),
        ("fr", "Vos réponses sur la génération de rapports étaient un peu longues."),
        ("es", "Tus respuestas sobre el origen de los datos fueron algo largas."),
        ("it", "Le tue risposte sul settore della salute erano un po' lunghe."),
        ("nl", "Een beperking was dat je antwoorden wat lang waren."),
        ("pl", "Odpowiedzi o zdrowiu publicznym były nieco długie."),
        ("pt", "As suas respostas sobre a origem dos dados foram um pouco longas."),
        ("sv", "Dina svar om barnens hälsa var lite långa."),
    ],
)
def test_a_word_that_only_looks_protected_is_read(language: str, text: str):
    """A field of work, a first name, a figure of speech."""
    assert [kind for kind, _ in points(text, language)] == ["work"]


def test_nothing_of_a_protected_sentence_remains():
    """The other half may be its consequence; what stands under such a heading as well, and a question like that."""
    assert points("You might find the hours too long, whereas colleagues without children do not.") == [
        ("protected", "")
    ]
    assert points("Family situation:\n- too many other commitments") == [("protected", "")]
    assert points("How would you manage with your kids?") == [("protected", "")]


@pytest.mark.parametrize(
    "text", ["Very well.", "Hope you land somewhere great.", "Pasting what the panel wrote below:"]
)
def test_a_word_of_courtesy_is_no_strength(text: str):
    assert points(text) == []


@pytest.mark.parametrize(
    ("language", "praise", "advice"),
    [
        ("en", "You were well prepared", "but your answers were too long."),
        ("de", "Sie waren sehr gut vorbereitet", "aber Ihre Antworten waren etwas lang."),
        ("fr", "Vous étiez bien préparée", "mais vos réponses étaient un peu longues."),
        ("es", "Nos gustó tu preparación", "pero tus respuestas fueron algo largas."),
        ("it", "Ottima la preparazione", "ma le risposte erano un po' lunghe."),
        ("nl", "Je was goed voorbereid", "maar je antwoorden waren soms wat lang."),
        ("pl", "Była Pani bardzo dobrze przygotowana", "ale odpowiedzi były nieco długie."),
        ("pt", "Gostámos da sua preparação", "mas as respostas foram um pouco longas."),
        ("sv", "Du var väl förberedd", "men svaren var lite långa."),
        ("ja", "準備はとても良かったです", "一方で、回答がやや長く感じられました。"),
    ],
)
def test_ten_languages_tell_praise_from_advice(language: str, praise: str, advice: str):
    """The same two points, each under its theme."""
    found = points_of(f"{praise}, {advice}".replace("です, ", "です。"), language, books().rules)
    assert [(point.kind, point.quote.rstrip("。")) for point in found] == [
        (Kind.STRENGTH, praise),
        (Kind.WORK, advice.rstrip("。")),
    ]
    assert Theme.PREPARATION in found[0].themes
    assert Theme.CLARITY in found[1].themes


def test_a_language_that_is_not_told_is_found():
    """A note of a call has none."""
    assert points("Ihre Antworten waren etwas lang, und uns fehlten konkrete Beispiele.", None) != []


@pytest.mark.parametrize(
    "text",
    [
        "but " * 20_000,
        ", but too long" * 5_000,
        "a. " * 20_000,
        "- too long\n" * 6_000,
        "1) too long " * 5_000,
        "Your answers were too long: " * 2_000,
        "\n\n" * 30_000,
        "、一方で長" * 10_000,
        "(" * 60_000,
        "\x00\ud800 too long." * 3_000,
    ],
    ids=["turns", "clauses", "sentences", "list", "numbers", "headings", "blank", "unspaced", "open", "broken"],
)
@pytest.mark.parametrize("language", ["en", "ja"])
def test_hostile_text_is_read_in_bounded_time(language: str, text: str):
    """Whatever it is; and a mail of a thousand points gives a page that can be read."""
    began = time.process_time()
    assert len(points(text, language)) <= MAX_POINTS
    assert time.process_time() - began < 4


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400), st.sampled_from(["en", "de", "ja", "xx", None]))
def test_no_text_raises(text: str, language: str | None):
    """And every quote is the text's own, but for white space."""
    for point in points_of(text, language, books().rules):
        assert point.quote == "" or len(point.quote) <= 600
