"""The shape of rule files, as types. Their JSON Schema lets an editor complete a rule while it is written."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from rules.rule import Bearing, Cue, Theme, Tone
from rules.verdict import Flag, Meaning

Text = Annotated[str, StringConstraints(min_length=1, max_length=4000)]
Name = Annotated[str, StringConstraints(pattern=r"^([a-z]{2}/)?[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]


class Form(BaseModel):
    """Nothing unknown; a number is no text."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class One(Form):
    """A mapping with exactly one of its keys."""

    @model_validator(mode="after")
    def _one(self) -> "One":
        if len(self.model_fields_set) != 1:
            known = ", ".join(type(self).model_fields)
            raise ValueError(f"Exactly one of {known} belongs here")
        return self

    @property
    def only(self) -> tuple[str, str]:
        """The one key and its pattern."""
        (key,) = self.model_fields_set
        return key, getattr(self, key)


class Match(One):
    """What must be there."""

    text: Text = Field("", description="A pattern for one sentence of the mail's newest text.")
    subject: Text = Field("", description="A pattern for the subject line.")


class Guard(One):
    """What must, or must not, be there besides the match."""

    before: Text = Field("", description="Ahead of the match, in the same sentence.")
    after: Text = Field("", description="Behind the match, in the same sentence.")
    sentence: Text = Field("", description="Anywhere in the same sentence.")
    text: Text = Field("", description="Anywhere in the mail's newest text.")
    subject: Text = Field("", description="In the subject line.")


class RuleForm(Form):
    """One rule: what it says, when it hits, and the examples that prove it."""

    rule: Name = Field(
        description="Its name: lower-case words with hyphens. In your own file `en/name` replaces the pack's."
    )
    meaning: Meaning | None = Field(None, description="What a hit says about the mail.")
    flag: Flag | None = Field(None, description="What else a hit says, beside the meaning.")
    cue: Cue | None = Field(None, description="What a hit tells about the mail's surroundings.")
    tone: Tone | None = Field(None, description="In tone.yaml: whether a hit stops a letter or only warns.")
    theme: Theme | None = Field(None, description="In lessons.yaml: what a point of feedback is about.")
    bearing: Bearing | None = Field(None, description="In lessons.yaml: whether it praises, finds fault or neither.")
    weight: Literal["decisive", "strong", "weak"] = Field(
        "strong",
        description="decisive: enough alone; strong: with a weak one; weak: three together.",
    )
    any_of: list[Match] = Field(
        alias="any of",
        min_length=1,
        max_length=60,
        description="The patterns; one that matches is enough.",
    )
    all_of: list[Guard] = Field(
        default_factory=list,
        alias="all of",
        max_length=10,
        description="What must stand around the match as well.",
    )
    none_of: list[Guard] = Field(
        default_factory=list,
        alias="none of",
        max_length=60,
        description="What must not stand around the match.",
    )
    conditional: Literal["counts"] | None = Field(
        None,
        description="`counts`: a match behind a condition (“if”) counts as well.",
    )
    instead: Text | None = Field(None, description="In tone.yaml: what to write instead.")
    hits: list[Text] = Field(min_length=1, description="Sentences that this rule must match.")
    misses: list[Text] = Field(min_length=1, description="Sentences close to a hit that it must not match.")

    @model_validator(mode="after")
    def _says_one_thing(self) -> "RuleForm":
        if len(self._said()) != 1:
            raise ValueError("A rule says exactly one thing: a meaning, a flag, a cue, a tone, a theme or a bearing")
        if self.meaning is Meaning.NONE:
            raise ValueError("“none” is what remains when no rule holds; use `none of` or `off`")
        return self

    @property
    def says(self) -> Meaning | Flag | Cue | Tone | Theme | Bearing:
        """The one thing."""
        return self._said()[0]

    def _said(self) -> list[Meaning | Flag | Cue | Tone | Theme | Bearing]:
        every = (self.meaning, self.flag, self.cue, self.tone, self.theme, self.bearing)
        return [said for said in every if said is not None]


Vocabulary = dict[Annotated[str, StringConstraints(pattern=r"^[a-zA-Z][^{}]*$", max_length=60)], list[Text] | Text]


class RulesForm(Form):
    """A pack's rule file: a list of rules, or this mapping."""

    vocabulary: Vocabulary = Field(default_factory=dict, description="Names for groups of words: `{name}` in patterns.")
    rules: list[RuleForm] = Field(default_factory=list)


Address = Annotated[str, StringConstraints(pattern=r"^[^@\s]*@[^@\s]+$", max_length=320)]


class EmployerForm(Form):
    """An employer as the user calls it."""

    name: Text = Field(description="What its applications are called.")
    also: list[Text] = Field(default_factory=list, description="Other names that its mails use.")
    addresses: list[Address] = Field(
        default_factory=list,
        description="Whoever writes from here writes for it; * stands for anything: `*@acme.example`.",
    )


class SendersForm(Form):
    """Addresses of which the user knows more than they tell."""

    addresses: list[Address] = Field(min_length=1, description="`*` stands for anything: `*@news.acme.example`.")
    reads: Literal["nobody"] = Field(description="`nobody`: what is sent there is not read; no letter goes there.")


class OwnForm(Form):
    """A user's own rule file, laid over the packs."""

    vocabulary: Vocabulary = Field(default_factory=dict, description="Names for groups of words: `{name}` in patterns.")
    rules: list[RuleForm] = Field(
        default_factory=list, description="New rules, or replacements of a pack's (`en/name`)."
    )
    off: list[Name] = Field(default_factory=list, description="Rules to switch off, as `en/name`.")
    employers: list[EmployerForm] = Field(default_factory=list, description="Employers that you know by another name.")
    senders: list[SendersForm] = Field(default_factory=list, description="What you know of addresses.")
    agencies: list[Address] = Field(
        default_factory=list,
        description="Recruiters who place people with other employers: `*@brightsearch.example`.",
    )
    letters: dict[Annotated[str, StringConstraints(pattern="^[a-z]{2}$")], list[dict[str, Any]]] = Field(
        default_factory=dict, description="Letters of your own, by language; they stand before the shipped ones."
    )
    tone: list[RuleForm] = Field(
        default_factory=list, description="Tone rules of your own (`en/name`), beside the shipped ones."
    )


class NamesForm(Form):
    """Words around names, as expressions without regard to letter case."""

    departments: list[Text] = Field(
        default_factory=list, description="Beside the employer in a sender's name: careers."
    )
    ends: list[Text] = Field(default_factory=list, description="Behind one of these words a name is over.")
    articles: list[Text] = Field(default_factory=list, description="Articles and prepositions ahead of a position.")
    joins: list[Text] = Field(
        default_factory=list, description="Small words inside a name, as they are written: de, of."
    )
    titles: list[Text] = Field(default_factory=list, description="What has one of these is a position, no employer.")
    no_employers: list[Text] = Field(default_factory=list, alias="no employers", description="No employer begins so.")
    no_positions: list[Text] = Field(default_factory=list, alias="no positions", description="No position begins so.")
    requisitions: list[Text] = Field(default_factory=list, description="Ahead of a requisition id: job, ref.")


class ReadingForm(Form):
    """``reading.yaml``: how a language is read, and what its mails are about."""

    language: Annotated[str, StringConstraints(pattern="^[a-z]{2}$")]
    words: Literal["spaced", "unspaced"] = "spaced"
    function_words: list[Text] = Field(alias="function words", min_length=10)
    spelling: dict[str, str] = Field(default_factory=dict)
    abbreviations: list[Text] = Field(default_factory=list)
    formal: list[Text] = Field(default_factory=list)
    informal: list[Text] = Field(default_factory=list)
    conditions: list[Text] = Field(min_length=1)
    no_conditions: list[Text] = Field(default_factory=list, alias="no conditions")
    breaks: list[Text] = Field(min_length=1)
    quote_headers: list[Text] = Field(alias="quote headers", min_length=1)
    header_names: list[Text] = Field(alias="header names", min_length=1)
    closings: list[Text] = Field(min_length=1)
    greetings: list[Text] = Field(min_length=1)
    mentions: list[Text] = Field(min_length=1)
    names: NamesForm = Field(default_factory=NamesForm)
    vocabulary: Vocabulary = Field(default_factory=dict)
    rules: list[RuleForm] = Field(default_factory=list)


def rules_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a rule file, a pack's or the user's own."""
    schema = OwnForm.model_json_schema(by_alias=True)
    rule = {"$ref": "#/$defs/RuleForm"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Afterword rules",
        "oneOf": [{"type": "array", "items": rule}, {key: schema[key] for key in schema if key != "$defs"}],
        "$defs": schema["$defs"],
    }
