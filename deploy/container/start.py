"""Afterword as the container's only program.

It ends with 0 when the configuration or a sign-in needs the user: an engine starts again whatever ended otherwise, and
a wrong password that is tried for ever locks the account.
"""

import sys

from agent.cli import main
from agent.cli.failures import NEEDS_USER

if __name__ == "__main__":
    code = main()
    sys.exit(0 if code == NEEDS_USER else code)
