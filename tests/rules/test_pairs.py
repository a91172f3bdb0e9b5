"""Two mails that differ in one clause and in what they mean, for every meaning, in English and German."""

import pytest

from rules.reading import visible
from rules.verdict import Flag, Meaning, Stage
from tests.rules.mails import book, verdict
from tests.rules.test_corpus import found

ENGLISH = [
    # rejection
    (
        "We have decided to move forward with other candidates.",
        "rejection",
        "We have decided to move forward with you.",
    ),
    ("We will not be inviting you to an interview.", "rejection", "We will be inviting you to an interview."),
    ("You were not selected for this position.", "rejection", "If you were not selected, you will hear from us."),
    ("We regret to tell you that your application was unsuccessful.", "rejection", "We regret the delay in our reply."),
    ("The team chose another candidate for the role.", "rejection", "The team chose another date for the interview."),
    ("We won't be taking your application further.", "rejection", "We are taking your application further."),
    # filled
    ("The position has been filled.", "filled", "The position has not been filled yet."),
    ("The role has been cancelled due to budget cuts.", "filled", "Budget cuts do not touch the role."),
    # on hold
    ("We have put the recruitment on hold until June.", "on_hold", "We have resumed the recruitment in June."),
    # withdrawn
    (
        "We confirm that you have withdrawn your application.",
        "withdrawn",
        "You may withdraw your application at any time.",
    ),
    # reversed
    ("We have to withdraw our offer of employment.", "reversed", "We would like to make you an offer of employment."),
    # interview
    (
        "We would like to invite you to an interview.",
        "interview",
        "If we invite you to an interview, you will be told.",
    ),
    ("Unfortunately we have to move your interview to Thursday.", "interview", "Unfortunately we need more time."),
    # offer
    ("We are delighted to offer you the position.", "offer", "We are unable to offer you the position."),
    # receipt
    (
        "We have received your application for the role.",
        "receipt",
        "We have received many applications, and chose others.",
    ),
    # assessment
    ("Please complete this coding test within five days.", "assessment", "Thank you for completing this coding test."),
    # question
    ("Could you tell us your salary expectations for the role?", "question", "We know your salary expectations."),
    # out of office
    ("I am out of the office until Monday with no access to my email.", "out_of_office", "I am back in the office."),
]

GERMAN = [
    ("Wir haben uns für eine andere Bewerberin entschieden.", "rejection", "Wir haben uns für Sie entschieden."),
    (
        "Wir können Ihre Bewerbung leider nicht berücksichtigen.",
        "rejection",
        "Wir berücksichtigen Ihre Bewerbung gern.",
    ),
    ("Leider müssen wir Ihnen heute absagen.", "rejection", "Sollten wir Ihnen absagen müssen, melden wir uns."),
    ("Ihre Bewerbung war leider nicht erfolgreich.", "rejection", "Leider dauert die Prüfung noch etwas."),
    ("Wir möchten Sie nicht zum Gespräch einladen.", "rejection", "Wir möchten Sie zum Gespräch einladen."),
    ("Die Stelle wurde inzwischen besetzt.", "filled", "Die Stelle ist noch nicht besetzt."),
    ("Das Auswahlverfahren ruht bis auf Weiteres.", "on_hold", "Das Auswahlverfahren läuft wieder."),
    (
        "Wir bedauern, dass Sie Ihre Bewerbung zurückgezogen haben.",
        "withdrawn",
        "Sie können Ihre Bewerbung zurückziehen.",
    ),
    ("Leider müssen wir unser Vertragsangebot zurückziehen.", "reversed", "Gern schicken wir unser Vertragsangebot."),
    ("Wir laden Sie zu einem Vorstellungsgespräch ein.", "interview", "Falls wir Sie einladen, hören Sie von uns."),
    ("Leider müssen wir das Gespräch auf Montag verschieben.", "interview", "Leider brauchen wir noch bis Montag."),
    ("Wir freuen uns, Ihnen die Stelle anzubieten.", "offer", "Wir können Ihnen die Stelle nicht anbieten."),
    ("Ihre Bewerbung ist bei uns eingegangen.", "receipt", "Es sind viele Bewerbungen da, wir wählten andere."),
    ("Ich bin bis Montag nicht im Büro und lese keine E-Mails.", "out_of_office", "Ich bin wieder im Büro."),
]
AUTOMATIC = (("auto-submitted", "auto-replied"),)


def judged(text: str, language: str) -> Meaning:
    subject = "Your application for the Data Analyst position" if language == "en" else "Ihre Bewerbung als Bauleiterin"
    headers = AUTOMATIC if "office" in text or "Büro" in text else ()
    greeting = "Dear Ana,\n\nthank you for your time." if language == "en" else "Hallo Ana,\n\ndanke für Ihre Zeit."
    return verdict(f"{greeting} {text}\n", subject=subject, headers=headers).meaning


@pytest.mark.parametrize(
    ("text", "meaning", "other", "language"),
    [*((*pair, "en") for pair in ENGLISH), *((*pair, "de") for pair in GERMAN)],
    ids=[pair[0] for pair in (*ENGLISH, *GERMAN)],
)
def test_one_clause_makes_the_difference(text: str, meaning: str, other: str, language: str) -> None:
    """The first of the two means it, the second does not."""
    assert judged(text, language).value == meaning
    assert judged(other, language).value != meaning


def test_every_meaning_has_a_pair() -> None:
    """Those that need an answer to a mail of the user's are told below."""
    told = {pair[1] for pair in ENGLISH}
    assert set(Meaning) - {Meaning(name) for name in told} == {
        *(Meaning.NONE, Meaning.BOUNCE, Meaning.FEEDBACK, Meaning.FEEDBACK_DECLINED)
    }
    assert {pair[1] for pair in GERMAN} >= told - {"assessment", "question"}


@pytest.mark.parametrize(
    ("advice", "refusal"),
    [
        (
            "You asked for feedback: I would recommend preparing two or three examples with numbers.",
            "You asked for feedback: it is our policy not to share individual feedback.",
        ),
        (
            "Sie hatten um Feedback gebeten: Ich würde Ihnen empfehlen, konkrete Beispiele mitzubringen.",
            "Sie hatten um Feedback gebeten: Leider können wir kein individuelles Feedback geben.",
        ),
    ],
    ids=["en", "de"],
)
def test_an_answer_advises_or_declines(advice: str, refusal: str) -> None:
    """Only what answers the candidate is feedback; a bounce is known by its sender."""
    assert verdict(advice, subject="Re: Feedback", in_reply_to="<a@b>").meaning is Meaning.FEEDBACK
    assert verdict(refusal, subject="Re: Feedback", in_reply_to="<a@b>").meaning is Meaning.FEEDBACK_DECLINED
    assert verdict(refusal.partition(": ")[2], subject="Your application").meaning is not Meaning.FEEDBACK_DECLINED


def test_evidence_is_the_mails_own_words() -> None:
    """Every word of evidence on the development half stands in the mail as it was written, near each other."""
    looked_at = 0
    for each in found("development", "en") + found("development", "de"):
        written = visible(each.mail.message())
        shown = " ".join(f"{each.mail.message().subject} {written}".split()).replace("> ", "")
        for evidence in (*each.verdict.evidence, *each.verdict.interview_words):
            assert " ".join(evidence.words.split()) in shown
            assert 0 < len(evidence.words) <= 600
            assert evidence.rule.partition("/")[0] in book().packs
            looked_at += 1
    assert looked_at > 400


def test_evidence_and_flags_belong_to_the_meaning() -> None:
    """A decision without evidence cannot be explained; none has none."""
    rules = {rule.name: rule for rule in book().rules}
    for each in found("development", "en") + found("development", "de"):
        said = {rules[evidence.rule].says for evidence in each.verdict.evidence}
        assert said <= {each.verdict.meaning}
        assert bool(said) is (each.verdict.meaning is not Meaning.NONE) or each.verdict.appointments
        assert not {Flag.FORMAL, Flag.INFORMAL} <= each.verdict.flags


@pytest.mark.parametrize(
    ("subject", "text", "stage"),
    [
        ("Your application", "Thank you for coming to the interview. We chose someone else.", Stage.INTERVIEWED),
        ("Your application", "After reviewing your resume, we chose someone else.", Stage.APPLIED),
        ("Hello", "We have chosen someone else for the role.", Stage.UNKNOWN),
        ("Bewerbung", "Danke für das Vorstellungsgespräch. Wir haben uns anders entschieden.", Stage.INTERVIEWED),
        ("Bewerbung", "Nach Durchsicht Ihrer Unterlagen haben wir uns anders entschieden.", Stage.APPLIED),
        ("Hallo", "Wir haben uns für die Stelle anders entschieden.", Stage.UNKNOWN),
    ],
)
def test_the_stage_is_what_the_words_show(subject: str, text: str, stage: Stage) -> None:
    """A talk that was held, papers that were read, or nothing of either."""
    said = verdict(text, subject=subject)
    assert (said.meaning, said.stage) == (Meaning.REJECTION, stage)


def test_the_direction_decides() -> None:
    """The same words of the user's own are no employer's decision."""
    no = "I have decided to move forward with another company, and I withdraw my application."
    assert verdict(no, outgoing=True).meaning is Meaning.WITHDRAWN
    others = "We have decided to move forward with other candidates."
    assert verdict(others, subject="Your application for the role", outgoing=True).meaning is Meaning.NONE
    quoted = f"Thank you for telling me.\n\nOn 5/4/26, Jane Doe wrote:\n> {others}\n"
    assert verdict(quoted, subject="Re: Your application for the role").meaning is not Meaning.REJECTION


def test_accepting_an_invitation_is_no_invitation() -> None:
    """Words of the user's own decide nothing but a withdrawal."""
    text = "Thank you, Thursday suits me. I look forward to the interview."
    assert verdict(text, subject="Re: Interview", outgoing=True).meaning is Meaning.NONE
