"""Mistakes as pydantic finds them, told as sentences with their place: what is wrong and what would be right."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic_core import ErrorDetails

from rules.source import Node, Problem, close_to

_Schema = Mapping[str, Any]

_KINDS = {
    "int_type": "a whole number",
    "string_type": "text",
    "list_type": "a list, such as [one, two]",
    "tuple_type": "a list, such as [one, two]",
    "model_type": "a group of keys, each with its value",
    "model_attributes_type": "a group of keys, each with its value",
    "dict_type": "a group of keys, each with its value",
    "greater_than_equal": "a larger number",
    "less_than_equal": "a smaller number",
    "string_too_short": "longer text",
    "string_too_long": "shorter text",
    "string_pattern_mismatch": "written in another form",
    "too_short": "a longer list",
    "too_long": "a shorter list",
}


def problem(error: ErrorDetails, root: Node, schema: _Schema) -> Problem:
    """One pydantic error as a problem of the file ``root`` was read from; ``schema`` is the file's JSON Schema."""
    path = error["loc"]
    key = str(path[-1]) if path else ""
    match error["type"]:
        case "value_error":
            return root.problem(str(error["ctx"]["error"]), path)
        case "missing":
            return root.problem(f"`{key}` is missing here. {_right(schema, path)}", path[:-1])
        case "extra_forbidden":
            return root.problem(_unknown(key, list(_keys(schema, path[:-1]))), path, key=True)
        case "union_tag_not_found":
            return root.problem("`connector` is missing here: imap, gmail, outlook or maildir.", path)
        case "union_tag_invalid":
            known = ("imap", "gmail", "outlook", "maildir")
            return root.problem(_not_one_of(str(error["ctx"]["tag"]), known), (*path, "connector"))
        case "literal_error" | "enum":
            return root.problem(_not_one_of(str(error["input"]), _allowed(schema, path)), path)
        case kind:
            return root.problem(
                f"This must be {_KINDS.get(kind, 'something else')}. {_right(schema, path)}".rstrip(), path
            )


def _unknown(key: str, known: Sequence[str]) -> str:
    near = close_to(key, known) or f" Known are: {', '.join(known)}."
    return f"There is no key `{key}` here.{near}"


def _not_one_of(word: str, known: Sequence[str]) -> str:
    *others, last = known
    choice = f"{', '.join(others)} or {last}" if others else last
    return f"`{word}` is not known here; write {choice}.{close_to(word, known)}"


def _right(schema: _Schema, path: Sequence[str | int]) -> str:
    """What would be right there: the text under the key in ``agent.config.schema``."""
    described = [part["description"] for part in _at(schema, path) if "description" in part]
    return described[0] if described else ""


def _keys(schema: _Schema, path: Sequence[str | int]) -> Iterator[str]:
    for part in _at(schema, path):
        yield from part.get("properties", ())


def _allowed(schema: _Schema, path: Sequence[str | int]) -> Sequence[str]:
    """The words a value may be."""
    parts = _at(schema, path)
    return [str(word) for part in parts for word in part.get("enum", [part["const"]] if "const" in part else ())]


def _at(schema: _Schema, path: Sequence[str | int]) -> list[_Schema]:
    """The parts of the schema that speak of ``path``, the nearest to the key first.

    Steps name keys, places in a list, and the member of a union that pydantic tried; a member's name that is no key
    selects it where the union says which one it is, and is passed over otherwise.
    """
    parts = _unfolded(schema, schema)
    for step in path:
        below = [each for part in parts for each in _below(part, step, schema)]
        parts = below or parts
    return parts


def _below(part: _Schema, step: str | int, schema: _Schema) -> Iterator[_Schema]:
    if isinstance(step, int) and "items" in part:
        yield from _unfolded(part["items"], schema)
    elif step in part.get("properties", ()):
        yield from _unfolded(part["properties"][step], schema)
    elif step in part.get("discriminator", {}).get("mapping", ()):
        yield from _unfolded({"$ref": part["discriminator"]["mapping"][step]}, schema)
    elif isinstance(part.get("additionalProperties"), Mapping):
        yield from _unfolded(part["additionalProperties"], schema)


def _unfolded(part: _Schema, schema: _Schema) -> list[_Schema]:
    """The part itself and everything it refers to."""
    found = [part]
    for reference in [part] if "$ref" in part else []:
        found += _unfolded(schema["$defs"][reference["$ref"].rpartition("/")[2]], schema)
    for member in (*part.get("anyOf", ()), *(() if "discriminator" in part else part.get("oneOf", ()))):
        found += _unfolded(member, schema)
    return found
