"""Rule files to typed rules, or every problem at once."""

from rules.load.form import rules_schema
from rules.load.rulebook import Rulebook, available, load_rulebook
from rules.rule import Bearing, Cue, Pack, Rule, Theme, Tone, Weight, Words

__all__ = [
    "Bearing",
    "Cue",
    "Pack",
    "Rule",
    "Rulebook",
    "Theme",
    "Tone",
    "Weight",
    "Words",
    "available",
    "load_rulebook",
    "rules_schema",
]
