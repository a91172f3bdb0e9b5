"""What the themes are called, and one thing to try for each. Kept general: advice that fits everybody is short."""

from collections.abc import Mapping
from dataclasses import dataclass

from rules.load import Theme


@dataclass(frozen=True, kw_only=True)
class Wording:
    """How a theme is told. ``in_hand``: the user can do something about it before the next interview."""

    title: str
    practise: str
    in_hand: bool = True


WORDINGS: Mapping[Theme, Wording] = {
    Theme.CLARITY: Wording(
        title="Clear, brief answers",
        practise="Practise answers of a minute and a half, aloud: the situation, what you did, what came of it.",
    ),
    Theme.EVIDENCE: Wording(
        title="Examples and numbers",
        practise="Have six stories ready, each with your own part in it and one number.",
    ),
    Theme.KNOWLEDGE: Wording(
        title="Knowledge of the subject",
        practise="Name the one topic that was asked for, read up on it, and explain it to somebody.",
    ),
    Theme.REASONING: Wording(
        title="Thinking aloud",
        practise="Say your assumptions and ask back before you solve; let them hear the steps.",
    ),
    Theme.EXPERIENCE: Wording(
        title="Level of experience",
        practise="Show the size of what you were responsible for, or look at posts one level nearer.",
        in_hand=False,
    ),
    Theme.INDUSTRY: Wording(
        title="Experience in the field",
        practise="Have two cases ready that carry over: the same problem, in another trade.",
        in_hand=False,
    ),
    Theme.CULTURE: Wording(
        title="The team's ways",
        practise="Take it as a fact about them as much as about you; ask early how they work.",
        in_hand=False,
    ),
    Theme.MOTIVATION: Wording(
        title="Why this employer",
        practise="Prepare two sentences on why this post, which would fit no other.",
    ),
    Theme.PREPARATION: Wording(
        title="Preparation and questions",
        practise="Read an hour about the employer, and bring five questions of your own.",
    ),
    Theme.PRESENCE: Wording(
        title="Calm and presence",
        practise="Rehearse once on video with somebody you trust. Pauses are allowed.",
    ),
    Theme.COLLABORATION: Wording(
        title="Working with others",
        practise="Add two stories: a conflict that ended well, and somebody you won over.",
    ),
    Theme.DOCUMENTS: Wording(
        title="CV and documents",
        practise="Put it right once, and have somebody else read it.",
    ),
    Theme.ASSESSMENT: Wording(
        title="Tests and tasks",
        practise="Practise the same kind of task against the clock, and look at it the next day.",
    ),
    Theme.LANGUAGE: Wording(
        title="Language level",
        practise="Say your level as it is, and what you do to raise it.",
        in_hand=False,
    ),
    Theme.CONDITIONS: Wording(
        title="Pay and conditions",
        practise="Find out the usual range, and who should name a figure first, and when.",
    ),
    Theme.PLACE: Wording(
        title="Place and travel",
        practise="Ask before the first interview what is required; it saves both sides a day.",
        in_hand=False,
    ),
}

NO_THEME = "Other points"


def title_of(theme: Theme | None) -> str:
    """The theme's name for people."""
    return WORDINGS[theme].title if theme is not None else NO_THEME
