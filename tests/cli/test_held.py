"""What waits to be told, and the commands."""

from agent.held import held_path
from tests.cli.conftest import Home
from tests.cli.happened import drafted


def test_what_waits_to_be_told_is_forgotten_too(configured: Home) -> None:
    """An alert may name the employer."""
    case = configured.happened(*drafted(20))
    held = held_path(configured.store)
    held.write_text('[{"title": "A draft for Acme"}]')
    assert configured.run("forget", case.id, "--yes").code == 0
    assert not held.exists()
