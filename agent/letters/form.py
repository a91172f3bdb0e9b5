"""The shape of ``letters.yaml``, as types."""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from agent.case import LetterKind

Text = Annotated[str, StringConstraints(min_length=1, max_length=4000)]
Name = Annotated[str, StringConstraints(pattern="^[a-z][a-z0-9_]*$", max_length=40)]


class Register(StrEnum):
    """How people address each other. Where a language makes no difference, a wording is the same for both."""

    FORMAL = "formal"
    INFORMAL = "informal"


class Fact(StrEnum):
    """What an entry can ask of the case before it is taken."""

    INTERVIEWED = "interviewed"
    ELSEWHERE = "elsewhere"
    """The letter goes to somebody who may not have seen the notice."""
    FILLED = "filled"
    """The position is filled or cancelled; nothing was said about the candidate."""
    LOGGED = "logged"
    """The news came by a call or a letter on paper, which the user logged; no mail brought it."""
    CALLED = "called"
    """The news came by a call."""
    AGENCY = "agency"
    """The letter goes to a recruiter who places people with other employers."""
    FEEDBACK_OFFERED = "feedback offered"
    FEEDBACK_RULED_OUT = "feedback ruled out"
    DECLINED = "declined"
    """The answer declines to give feedback."""
    UNCLEAR = "unclear"
    """The answer names a direction and nothing to practise, and no example was asked for yet."""
    SUBSTANTIAL = "substantial"
    """The answer is more than a few lines."""
    AGAIN = "again"
    """Such a letter was sent before."""


class Form(BaseModel):
    """Nothing unknown."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FrameForm(Form):
    """What stands around a letter's text."""

    named: Text
    unnamed: Text
    closing: Text


class FramesForm(Form):
    """One frame for each register."""

    formal: FrameForm
    informal: FrameForm


class RegistersForm(Form):
    """One text for each register."""

    formal: Text
    informal: Text


class WordsForm(Form):
    """How many words a letter may have."""

    least: Annotated[int, Field(ge=1)]
    most: Annotated[int, Field(le=400)]


class ShapeForm(Form):
    """What a letter of one sort is made of; patterns by what they stand for."""

    words: WordsForm
    questions: Annotated[int, Field(ge=0, le=1)]
    paragraphs: Annotated[int, Field(ge=1, le=6)]
    must_have: dict[Text, list[Text]] = Field(alias="must have")
    must_not_have: dict[Text, list[Text]] = Field(default_factory=dict, alias="must not have")


class EntryForm(Form):
    """One letter for one situation, in several wordings."""

    letter: LetterKind
    when: list[Fact]
    shape: Text | None = None
    subject: Text | RegistersForm
    wordings: list[Text | RegistersForm] = Field(min_length=1)


class OwnForm(Form):
    """What a user's own rule file says about letters."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    letters: dict[str, list[EntryForm]]


class LettersForm(Form):
    """A pack's ``letters.yaml``."""

    forms: FramesForm
    date: Text
    months: list[Text] = Field(min_length=12, max_length=12)
    phrases: dict[Name, Text] = Field(default_factory=dict)
    no_names: list[Text] = Field(alias="no names")
    name_ends: list[Text] = Field(alias="name ends")
    vocabulary: dict[Text, list[Text] | Text] = Field(default_factory=dict)
    unclear: list[Text] = Field(min_length=1)
    clear: list[Text] = Field(min_length=1)
    shapes: dict[Text, ShapeForm]
    letters: list[EntryForm]
