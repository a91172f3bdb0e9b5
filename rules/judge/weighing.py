"""Findings to one meaning. The order of the questions is the law here; each meaning holds from a score of 3 on."""

from dataclasses import dataclass

from rules.judge.evidence import Findings
from rules.reading import Part
from rules.rule import Cue, Weight
from rules.verdict import Meaning, Stage

HOLDS = int(Weight.DECISIVE)
_PENDING = (Meaning.RECEIPT, Meaning.INTERVIEW, Meaning.OFFER, Meaning.ASSESSMENT, Meaning.QUESTION)
"""What outweighs mere regret and good wishes."""
_ABOUT = 2
"""What the words of applications must weigh together before a mail is believed to be about one."""


@dataclass(frozen=True, kw_only=True)
class Circumstances:
    """What is known of a mail besides its words."""

    outgoing: bool
    answers: bool
    """It answers another mail."""
    automatic: bool
    """A machine wrote it in answer to another mail, or says so."""
    bulk: bool
    """It went to many, and not by a recruiting platform."""
    platform: bool
    """A recruiting platform sent it."""
    robot: bool = False
    """Its sender's address is a machine's."""
    bounced: bool
    """The mail system itself wrote it."""
    interview_called: bool
    """A calendar part calls to an interview."""


def meaning_of(found: Findings, mail: Circumstances) -> Meaning:
    """What the mail says by itself."""
    if mail.bounced and found.score(Meaning.BOUNCE):
        return Meaning.BOUNCE
    if found.score(Meaning.OUT_OF_OFFICE) >= (1 if mail.automatic else HOLDS + 1):
        return Meaning.OUT_OF_OFFICE
    if mail.outgoing:
        return Meaning.WITHDRAWN if found.score(Meaning.WITHDRAWN) >= HOLDS else Meaning.NONE
    if about_an_application(found, mail) < _ABOUT and not mail.interview_called:
        return _advice(found, mail) or Meaning.NONE
    return _refusal(found, mail) or _progress(found, mail) or _advice(found, mail) or Meaning.NONE


def about_an_application(found: Findings, mail: Circumstances) -> int:
    """How surely the mail is about an application for a job; 0 when it is rather about a flat, a loan or a prize.

    "Your application" alone may be for anything: it counts, but not by itself, and not against those.
    """
    job = found.weight(Cue.APPLICATION) + (HOLDS if mail.platform else 0)
    job += 2 * found.says(Cue.INTERVIEWED, Part.BODY, Part.QUOTE)
    elsewhere = found.weight(Cue.ELSEWHERE, Part.BODY, Part.SUBJECT, Part.SENDER)
    applying, decided = found.weight(Cue.APPLYING), _decided(found)
    if (elsewhere and job <= elsewhere) or not (job or applying or decided):
        return 0
    return job + applying + found.weight(Cue.ADDRESSED) + decided


def _decided(found: Findings) -> int:
    """A refusal told to the reader is itself a sign. Invitations and offers are not: dentists and shops write them."""
    return int(found.says(Cue.ADDRESSED) and found.decides(Meaning.REJECTION))


def _refusal(found: Findings, mail: Circumstances) -> Meaning | None:
    """The decisions, the candidate's first. About another person, or told to everybody, they are none."""
    addressed = found.says(Cue.ADDRESSED)
    if found.says(Cue.OTHERS, Part.BODY, Part.SUBJECT):
        return None
    if ((mail.bulk or found.opens_with(Cue.ALERT)) and not addressed) or found.says(Cue.ALERT, Part.SUBJECT):
        return None
    for meaning in (Meaning.WITHDRAWN, Meaning.REVERSED):
        if found.score(meaning) >= HOLDS:
            return meaning
    return _answer(found, mail) or _closing(found)


def _answer(found: Findings, mail: Circumstances) -> Meaning | None:
    """An answer to the candidate's own question may say the no again; it is advice, or its refusal, all the same."""
    advice = _advice(found, mail) if found.says(Cue.ANSWER, Part.BODY) else None
    asked = any(each.rule.weight == Weight.DECISIVE for each in found.of(Cue.ANSWER))
    if found.decides(Meaning.REJECTION) and not asked:
        return None  # a notice that gives its reasons, or refuses them, is a notice
    return advice


def _closing(found: Findings) -> Meaning | None:
    """Rejected, or the position is gone: what is said about the person counts before what is said about the position.

    A single sign of rejection, without a word of regret or farewell, yields to an invitation in the same mail: to take
    an invitation for a no is the worse mistake.
    """
    if max(found.score(Meaning.INTERVIEW), found.score(Meaning.OFFER)) >= HOLDS >= found.score(Meaning.REJECTION):
        return None
    if found.decides(Meaning.REJECTION):
        return Meaning.REJECTION
    for meaning in (Meaning.FILLED, Meaning.ON_HOLD):
        if found.score(meaning) >= HOLDS:
            return meaning
    if found.says(Cue.ADDRESSED) and _softly(found):
        return Meaning.REJECTION
    return None


def _softly(found: Findings) -> bool:
    """Whether regret, good wishes and the like together say no, and nothing says that it goes on.

    One of them must be strong: receipts regret and thank as well.
    """
    ranked = found.ranked(Meaning.REJECTION)
    strong = bool(ranked) and ranked[0].weight >= Weight.STRONG
    return strong and found.score(Meaning.REJECTION) >= HOLDS and not found.decides(*_PENDING)


def _progress(found: Findings, mail: Circumstances) -> Meaning | None:
    """Everything that goes on. An alert or an approach by a stranger is none of it."""
    if found.opens_with(Cue.ALERT):
        return None
    if found.score(Meaning.OFFER) >= HOLDS:
        return Meaning.OFFER
    if mail.interview_called or found.score(Meaning.INTERVIEW) >= HOLDS:
        return Meaning.INTERVIEW
    if found.score(Meaning.ASSESSMENT) >= HOLDS:
        return Meaning.ASSESSMENT
    if found.says(Cue.ANSWER, Part.BODY) and (advice := _advice(found, mail)):
        return advice
    for meaning in (Meaning.FEEDBACK, Meaning.QUESTION):
        if found.score(meaning) >= HOLDS:
            return meaning
    return Meaning.RECEIPT if found.score(Meaning.RECEIPT) >= Weight.STRONG else None


def _advice(found: Findings, mail: Circumstances) -> Meaning | None:
    """An answer to the candidate needs no word about applications: both know what it is about.

    Receipts and rejections rule feedback out as well; only an answer declines it.
    """
    if not mail.answers and not found.says(Cue.ANSWER, Part.BODY):
        return None
    for meaning in (Meaning.FEEDBACK, Meaning.FEEDBACK_DECLINED):
        if found.score(meaning) >= HOLDS:
            return meaning
    return None


def stage_of(found: Findings, meaning: Meaning, mail: Circumstances) -> Stage:
    """How far the application had come, by the mail's own words.

    Who writes only of an application has seen no more of the candidate, as a rule; who met them says so. A person's
    short note may leave it out; a machine's text for everybody, or one about the position alone, does not.
    """
    parts = (Part.BODY, Part.SUBJECT, Part.QUOTE)
    interviewed = max((each.rule.weight for each in found.of(Cue.INTERVIEWED, *parts)), default=0)
    applied = max((each.rule.weight for each in found.of(Cue.APPLIED, Part.BODY)), default=0)
    if interviewed and (interviewed >= applied or applied < Weight.DECISIVE):
        return Stage.INTERVIEWED
    impersonal = meaning is Meaning.FILLED or (meaning is Meaning.REJECTION and (mail.platform or mail.robot))
    if applied or impersonal or meaning is Meaning.RECEIPT or found.says(Cue.ADDRESSED, Part.BODY, Part.SUBJECT):
        return Stage.APPLIED
    return Stage.UNKNOWN
