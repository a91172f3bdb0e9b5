"""The templates of `deploy/`, filled in."""

import re
from collections.abc import Mapping
from pathlib import Path

_HERE = Path(__file__).parent
_PLACES = (_HERE / "templates", _HERE.parents[1] / "deploy")
"""In an installed wheel, and in the source tree."""

_BLANK = re.compile(r"@([A-Z]+)@")


def filled(template: str, values: Mapping[str, str]) -> str:
    """The template of that path under `deploy/`, each ``@NAME@`` replaced by its value. A line that is only an empty
    value goes."""
    source = next(place / template for place in _PLACES if (place / template).exists()).read_text(encoding="utf-8")
    lines = [line for line in source.splitlines() if not _is_empty(line, values)]
    return "".join(_BLANK.sub(lambda blank: values[blank[1]], line) + "\n" for line in lines)


def _is_empty(line: str, values: Mapping[str, str]) -> bool:
    blank = _BLANK.fullmatch(line)
    return blank is not None and not values[blank[1]]
