"""Which languages a text is in, by its function words: small, frequent, and hardly shared between languages."""

import re
from collections.abc import Sequence

from rules.rule import Words

_WORD = re.compile(r"[^\W\d_]+")
_COUNTED = 400
"""Words looked at: enough to be sure."""
_ENOUGH = 0.14
"""At least so much of a text is function words, in any language (30 to 50 % as a rule, less in a terse note)."""
_SECOND = 0.55
"""A further language counts when it has so much of what the first has: mails in two languages."""


def languages(text: str, packs: Sequence[Words]) -> tuple[str, ...]:
    """The languages of the text, the main one first; empty when none is certain."""
    shares = {words.language: _share(text, words) for words in packs}
    ranked = sorted(shares, key=lambda language: -shares[language])
    if not ranked or shares[ranked[0]] < _ENOUGH:
        return ()
    best = shares[ranked[0]]
    return tuple(language for language in ranked if shares[language] >= max(_ENOUGH, _SECOND * best))


def _share(text: str, words: Words) -> float:
    if not words.folding.spaced:
        start = text[: 4 * _COUNTED]
        return sum(start.count(word) * len(word) for word in words.function_words) / max(len(start), 1)
    tokens = [token.lower() for token in _WORD.findall(text[: 12 * _COUNTED])[:_COUNTED]]
    return sum(token in words.function_words for token in tokens) / max(len(tokens), 1)
