"""``python -m tests.live CONNECTOR``: the walk through the first account of that kind in the user's configuration."""

import argparse
import sys
from pathlib import Path

from agent.config.load import load
from connectors.port import Failure
from tests.live.walk import Walk


def main() -> int:
    """0 when all was as it should be."""
    parser = argparse.ArgumentParser(prog="python -m tests.live", description=__doc__)
    parser.add_argument("connector", choices=["gmail", "outlook", "imap"])
    parser.add_argument("--account", help="the account's name, when there are several of that kind")
    parser.add_argument("--config", type=Path, help="another configuration file")
    given = parser.parse_args()
    accounts = load(given.config).accounts
    chosen = [each for each in accounts if each.connector == given.connector and given.account in (None, each.name)]
    if not chosen:
        print(f"The configuration has no such {given.connector} account.", file=sys.stderr)
        return 2
    try:
        return 0 if Walk(chosen[0], say=print, ask=input).go() else 1
    except (Failure, EOFError) as failure:
        print(f"Stopped: {failure}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
