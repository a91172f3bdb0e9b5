"""A user's home, as the commands' own tests have it."""

from tests.cli.conftest import home

__all__ = ["home"]
