"""A node to a form of ``rules.load.form``, or every mistake as a sentence with its place."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from rules.load.form import Form, Guard, Match, RuleForm
from rules.source import Node, Problem, Problems, close_to

_F = TypeVar("_F", bound=Form)

_BELOW: Mapping[str, type[Form]] = {"any of": Match, "all of": Guard, "none of": Guard, "rules": RuleForm}
"""What the mappings below a key are; the innermost first."""

_SENTENCES = {
    "missing": "“{name}” is missing here.",
    "extra_forbidden": "“{name}” is not known here.{near}",
    "enum": "This must be one of {expected}.",
    "literal_error": "This must be {expected}.",
    "string_type": "This must be text. Put it in quotes.",
    "list_type": "This must be a list.",
    "dict_type": "This must be a mapping of names to values.",
    "model_type": "This must be a mapping of names to values.",
    "too_short": "This needs at least one entry.",
    "value_error": "{error}.",
}
_PATTERNS = {
    "language": "This must be two lower-case letters, such as en.",
    "[key]": "A name in the vocabulary begins with a letter and holds no braces.",
}


def formed(node: Node, form: type[_F]) -> _F:
    """The node as this form; a bare list is a file of rules only. Raises ``Problems``."""
    plain = node.plain()
    try:
        return form.model_validate({"rules": plain} if isinstance(plain, list) else plain)
    except ValidationError as error:
        raise Problems([_complaint(node, each, form) for each in error.errors(include_url=False)]) from None


def _complaint(node: Node, error: Any, form: type[Form]) -> Problem:
    path = list(error["loc"])
    name = str(path[-1]) if path else ""
    here = next((below for key, below in _BELOW.items() if key in path[:-1]), form)
    known = [each.alias or key for key, each in here.model_fields.items()]
    if path[:1] == ["vocabulary"] and error["type"] in ("list_type", "string_type"):
        sentence = "This must be text, or a list of texts."
    elif error["type"] == "string_pattern_mismatch":
        sentence = _PATTERNS.get(name, "This must be lower-case letters, digits and hyphens.")
    elif error["type"] in _SENTENCES:
        words = {"name": name, "near": close_to(name, known), **error.get("ctx", {})}
        sentence = _SENTENCES[error["type"]].format_map(words)
    else:
        sentence = f"{error['msg']}."
    return node.problem(sentence, path, key=error["type"] == "extra_forbidden" or name == "[key]")
