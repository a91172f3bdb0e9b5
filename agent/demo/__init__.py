"""The whole story on sample mail: offline, without configuration, in a folder of its own."""

import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from agent.demo.page import Page
from agent.demo.run import Run
from agent.demo.story import tell

__all__ = ["run_demo"]


def run_demo(keep: Path | None, console: Console) -> int:
    """Play the demo and tell it on ``console``; the exit code. The mailbox stays in ``keep``, a folder empty or new."""
    if keep is not None and _is_taken(keep):
        console.print(
            f"{keep} is not empty. Give a folder that is empty or not there yet: the demo puts a mailbox into it."
        )
        return 2
    with _home(keep) as home:
        now = datetime.now(UTC).replace(microsecond=0)
        with closing(Run(home, now)) as run:
            page = Page(console, run.zone)
            ended = tell(run, page, now)
        _next_steps(page, keep)
    return 0 if ended else 1


def _is_taken(folder: Path) -> bool:
    return folder.exists() and (not folder.is_dir() or any(folder.iterdir()))


@contextmanager
def _home(keep: Path | None) -> Iterator[Path]:
    if keep is None:
        with tempfile.TemporaryDirectory(prefix="afterword-demo-", ignore_cleanup_errors=True) as folder:
            yield Path(folder)
    else:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep.absolute()


def _next_steps(page: Page, keep: Path | None) -> None:
    if keep is None:
        page.say(
            "The folder is removed again; ", ("afterword demo --keep DIR", "cyan"), " leaves it for your mail client."
        )
    else:
        page.say(
            "The mailbox stays in ",
            (str(keep / "Mail"), "bold"),
            ", a Maildir: open it with a mail client that reads one, such as ",
            (f"mutt -f {keep / 'Mail'}", "cyan"),
            ". What Afterword knows: ",
            (f"afterword --config {keep / 'config.yaml'} status", "cyan"),
            ". (The story ended tomorrow, so its clocks run ahead of yours.)",
        )
    page.say("For your own mailbox, in about five minutes: ", ("afterword init", "cyan"))
