"""Whether two names mean the same employer or the same position. Prefers "no" to a wrong "yes"."""

import re
import unicodedata

_LEGAL = frozenset(
    "ab ag as asa bv co corp corporation gbr gmbh group holding inc incorporated kg kgaa kk limited llc llp ltd ltda "
    "mbh nv oy oyj plc pty sa sarl sas se sl spa srl ug".split()
)
"""Legal forms and the like: not part of the name that people use."""

_SENIORITY = {
    "jr": "junior",
    "junior": "junior",
    "intern": "intern",
    "praktikant": "intern",
    "praktikum": "intern",
    "werkstudent": "intern",
    "trainee": "intern",
    "sr": "senior",
    "senior": "senior",
    "staff": "staff",
    "principal": "principal",
    "lead": "lead",
    "leiter": "lead",
    "leitung": "lead",
    "leiterin": "lead",
    "teamlead": "lead",
    "head": "head",
    "director": "director",
    "manager": "manager",
    "i": "1",
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "1": "1",
    "2": "2",
    "3": "3",
}

_NOISE = frozenset("m w d f x h all genders gn a an the of for in at and und der die das als role position job".split())


def _tokens(name: str) -> list[str]:
    folded = unicodedata.normalize("NFKD", name[:300]).casefold()
    plain = "".join(c for c in folded if not unicodedata.combining(c))
    return re.findall(r"[^\W_]+", plain)


def employer_key(name: str | None) -> str:
    """A folded name without legal forms; empty when nothing is left. ``Müller & Söhne GmbH`` -> ``muller sohne``."""
    tokens = _tokens(name or "")
    while len(tokens) > 1 and tokens[-1] in _LEGAL:
        tokens.pop()
    if len(tokens) > 1 and tokens[0] == "the":
        tokens = tokens[1:]
    return " ".join(tokens)


def same_employer(one: str | None, other: str | None) -> bool:
    """Both are known and, folded, the same: ``Acme`` and ``ACME GmbH`` are, ``Acme`` and ``Acme Labs`` are not."""
    key = employer_key(one)
    return bool(key) and key.replace(" ", "") == employer_key(other).replace(" ", "")


def same_position(one: str | None, other: str | None) -> bool:
    """Both are known, of one seniority, and the words of one contain those of the other."""
    words, seniority = _position(one)
    other_words, other_seniority = _position(other)
    if not words or not other_words or seniority != other_seniority:
        return False
    return words <= other_words or other_words <= words


def _position(name: str | None) -> tuple[frozenset[str], frozenset[str]]:
    tokens = [token for token in _tokens(name or "") if token not in _NOISE]
    seniority = frozenset(_SENIORITY[token] for token in tokens if token in _SENIORITY)
    return frozenset(token for token in tokens if token not in _SENIORITY), seniority


def requisition_key(value: str | None) -> str:
    """Letters and digits alone, in one case: ``R-01234`` and ``r01234`` are the same."""
    return "".join(_tokens(value or ""))
