"""The examples in the documentation are configurations that load."""

import re
from pathlib import Path

import pytest

from agent.config.load import load, schema
from connectors import oauth

PAGES = Path(__file__).parents[2] / "docs"
PAGE = (PAGES / "config.md").read_text()
PROVIDERS = re.findall(r"```yaml\n(.*?)```", (PAGES / "imap.md").read_text(), re.DOTALL)
EXAMPLES = [block for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL) if "me:" in block]


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_loads(tmp_path: Path, example: str) -> None:
    """As it stands on the page."""
    (tmp_path / "my-rules.yaml").write_text("[]\n")
    (tmp_path / "config.yaml").write_text(example)
    assert load(tmp_path / "config.yaml").me.name == "Ana Sousa"


@pytest.mark.parametrize("example", PROVIDERS)
def test_each_providers_account_loads(tmp_path: Path, example: str) -> None:
    """The accounts of docs/imap.md, with a name put in front."""
    (tmp_path / "config.yaml").write_text("me: {name: Ana Sousa}\n" + example)
    [account] = load(tmp_path / "config.yaml").accounts
    assert account.password or oauth.signs_in(account)


def test_there_are_examples_and_they_name_every_key() -> None:
    """The whole one holds all keys at the top."""
    assert len(EXAMPLES) == 2
    assert len(PROVIDERS) == 8
    for key in schema()["properties"]:
        assert re.search(rf"^{key}:", EXAMPLES[1], re.MULTILINE), key
