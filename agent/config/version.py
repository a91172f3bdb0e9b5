"""The form of the config file: an older one is read as if it had been written today, a newer one is refused.

The file itself is never rewritten: it is the user's. What is converted are its nodes, so that a mistake is still told
with the line and column it stands at.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from rules.source import Node, Problems

Converter = Callable[[Node], Node]
"""From one form to the next; what it does not know it leaves as it is."""

CONVERTERS: Sequence[Converter] = ()
"""The first leads from form 1 to form 2, and so on."""


def brought_up(root: Node, converters: Sequence[Converter] = CONVERTERS) -> Node:
    """The file in the newest form, which is the one after the last converter. Raises ``Problems`` for a newer one.

    A version that is no whole number from 1 on is left for the schema to complain about.
    """
    newest = len(converters) + 1
    written = root.get("version")
    version = 1 if written is None or written.value is None else written.value
    if not isinstance(version, int) or version < 1:
        return root
    if version > newest:
        raise Problems([root.problem(_newer(version, newest), ("version",))])
    for convert in converters[version - 1 :]:
        root = convert(root)
    return _versioned(root, newest)


def _newer(version: int, newest: int) -> str:
    return (
        f"This file has form {version}, and this Afterword knows forms up to {newest}: it was written for a newer one. "
        f"Install that, or write the file anew in form {newest}."
    )


def _versioned(root: Node, newest: int) -> Node:
    written = root.get("version")
    if written is None or not isinstance(root.value, dict):
        return root
    return replace(root, value={**root.value, "version": replace(written, value=newest)})
