"""The pattern language, and the way from a match back to the mail's own words."""

import pytest
import re2
from hypothesis import given
from hypothesis import strategies as st

from rules.folding import Folding, composed
from rules.patterns import Misspelt, compiled, options

SPELLING = {"can't": "can not", "n't": " not", "'ve": " have", ":innen": "innen"}
FOLDING = Folding(SPELLING)


def words(pattern: str, text: str, folding: Folding = FOLDING) -> str | None:
    """The words of the text that the pattern matches."""
    _, regex = compiled(pattern, {"others": "other|another"}, folding)
    (folded,) = folding.fold([text])
    match = regex.search(folded)
    return folding.words(text, folded, *match.span(1)) if match else None


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("other candidates?", "With OTHER  candidate, sir.", "OTHER  candidate"),
        ("über", "Wir sprechen über Sie.", "über"),
        ("über", "überhaupt nicht", None),
        ("can't", "We can’t go on.", "can’t"),
        ("can not", "We can't go on.", "can't"),
        ("have decided", "We’ve decided.", "We’ve decided"),
        ("follow-up", "A follow up, a follow–up!", "follow up"),
        ("kandidat\\w*", "Alle Kandidat:innen sind da.", "Kandidat:innen"),
        ("go .. with {others}", "go – of course – on with another one", "go – of course – on with another"),
        ("go .. with", "go one two three four with", None),
        ("go ... with", "go one two three four with", "go one two three four with"),
        ("^thank you", "Thank you, Ana", "Thank you"),
        ("^thank you", "We thank you", None),
        ("(yours|mine)$", "It is mine.", "mine"),
        ("(pass|stop) .. (here|$)", "So we stop now.", "stop now"),
        ("not selected", "https://acme.example/not-selected", None),
        ("日本", "日本 語", "日本"),
    ],
)
def test_patterns_match_words_as_a_reader_sees_them(pattern: str, text: str, expected: str | None) -> None:
    """Case, punctuation, quotes, dashes and short forms do not matter; word boundaries of every script do."""
    assert words(pattern, text) == expected


def test_unspaced_languages_have_no_boundaries() -> None:
    """Japanese is matched within a run of characters, full-width forms made plain."""
    folding = Folding(spaced=False)
    assert words("見送り", "今回は採用をお 見送りとさせて", folding) == "見送り"
    assert words("abc1", "ＡＢＣ１を", folding) == "ＡＢＣ１"


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("a (b", "no pattern"),
        (r"\bword\b", "Word boundaries are added"),
        ("{nobody} there", "The vocabulary has no {nobody}"),
        ("  ", "empty"),
        ("a{1,2000}" * 40, "no pattern"),
    ],
)
def test_what_cannot_be_meant_is_said_in_a_sentence(pattern: str, said: str) -> None:
    """A broken pattern names its mistake."""
    with pytest.raises(Misspelt, match=said):
        compiled(pattern, {}, FOLDING)


@given(st.text(max_size=120))
def test_every_folded_word_is_found_again(text: str) -> None:
    """As many words lie in the folded line as places are known for them, and each place lies in the text."""
    line = composed(" ".join(text.split()))
    (folded,) = FOLDING.fold([line])
    for match in re2.compile(b"[^ ]+", options()).finditer(folded):
        assert FOLDING.words(line, folded, *match.span()) in line
    assert len(FOLDING._spans(line)) == len(folded.split())  # the one count that would show a shift
