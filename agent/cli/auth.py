"""``afterword auth``: sign in to an account of Google or Microsoft, once; Afterword renews by itself afterwards."""

import os
import sys
import webbrowser
from collections.abc import Callable
from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli import options
from agent.cli.completion import accounts
from agent.cli.failures import Impossible
from agent.cli.output import line

if TYPE_CHECKING:
    from agent.config.settings import Settings
    from connectors.account import Account

AccountName = Annotated[
    str,
    typer.Argument(metavar="ACCOUNT", help="The account's name in your configuration.", autocompletion=accounts),
]


def auth(
    context: typer.Context,
    account: AccountName,
    *,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open a browser here, or only print the link.")
    ] = True,
    device: Annotated[
        bool, typer.Option("--device", help="Microsoft: show a code that you enter in a browser anywhere.")
    ] = False,
) -> None:
    """Sign in to an account of Google or Microsoft, or sign in again.

    You sign in on the provider's own page; Afterword never sees your password. It keeps tokens that let it read mail
    and write drafts, and tries them at once. A running Afterword goes on with them by itself.
    """
    settings = options.of(context).settings()
    chosen = _called(account, settings)
    from connectors.oauth import Asking, sign_in  # the web libraries behind it take a moment to load

    sign_in(chosen, asking=Asking(_say, opener() if browser else None), device=device)
    _try(chosen)
    _say(f"Signed in to account {chosen.name}.")
    from agent.lock import is_running  # the store's library takes a moment too

    _say("Afterword goes on with it." if is_running(settings.store) else "Start Afterword: afterword run")


def _called(name: str, settings: "Settings") -> "Account":
    found = settings.account(name)
    if found is None:
        known = [each.name for each in settings.accounts]
        near = get_close_matches(name, known, n=1)
        hint = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(known)}."
        raise Impossible(f"There is no account {name}. {hint}")
    return found


def _try(account: "Account") -> None:
    """Whether the mailbox lets us in with it: a sign-in as somebody else shows only here."""
    from connectors import connect
    from connectors.port import Unavailable

    try:
        with connect(account):
            pass
    except Unavailable as later:
        print(f"The sign-in is kept, but could not be tried: {later}", file=sys.stderr)


def opener() -> Callable[[str], object] | None:
    """Opens a link in a browser with windows; one in this terminal would cover what we print."""
    windows = sys.platform in ("darwin", "win32") or any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY")))
    return webbrowser.open if windows else None


def _say(text: str) -> None:
    """Whole lines, so that a link can be copied."""
    print(line(text), flush=True)
