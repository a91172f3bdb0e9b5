"""The examples in docs/config.md are configurations that load."""

import re
from pathlib import Path

import pytest

from agent.config.load import load, schema

PAGE = (Path(__file__).parents[2] / "docs/config.md").read_text()
EXAMPLES = [block for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL) if "me:" in block]


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_loads(tmp_path: Path, example: str) -> None:
    """As it stands on the page."""
    (tmp_path / "my-rules.yaml").write_text("[]\n")
    (tmp_path / "config.yaml").write_text(example)
    assert load(tmp_path / "config.yaml").me.name == "Ana Sousa"


def test_there_are_examples_and_they_name_every_key() -> None:
    """The whole one holds all keys at the top."""
    assert len(EXAMPLES) == 2
    for key in schema()["properties"]:
        assert re.search(rf"^{key}:", EXAMPLES[1], re.MULTILINE), key
