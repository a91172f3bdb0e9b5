"""Rule files to typed rules, or every problem at once."""

from rules.load.form import rules_schema
from rules.load.rulebook import Rulebook, available, load_rulebook
from rules.rule import Cue, Pack, Rule, Tone, Weight, Words

__all__ = ["Cue", "Pack", "Rule", "Rulebook", "Tone", "Weight", "Words", "available", "load_rulebook", "rules_schema"]
