"""The letters: a template plus a case. ``compose`` is deterministic and touches nothing."""

from agent.letters.book import LetterBook
from agent.letters.compose import Composed, compose
from agent.letters.load import load_letters

__all__ = ["Composed", "LetterBook", "compose", "load_letters"]
