"""The daemon. Touches the clock."""

from agent.watch.daemon import Daemon

__all__ = ["Daemon"]
