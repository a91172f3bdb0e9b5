"""``afterword init``: from an address to a configuration that works."""

import getpass
import re
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli import auth, clock, options
from agent.cli.failures import Impossible
from agent.cli.output import console, plain, styled
from connectors.account import Tls

if TYPE_CHECKING:
    from agent.setup.interview import Outcome

_MARK = re.compile(r" *(?:\d+\.? +|- )?")
_You = "You"
_Mailbox = "The mailbox"
_Password = "Where the password comes from"  # noqa: S105 - a heading of the help
_Habits = "The rest"


def init(
    context: typer.Context,
    *,
    name: Annotated[str | None, typer.Option(help="Your name, as employers know it.", rich_help_panel=_You)] = None,
    address: Annotated[str | None, typer.Option(help="Your email address.", rich_help_panel=_You)] = None,
    signature: Annotated[
        str | None, typer.Option(help="The lines under your letters, parted by \\n.", rich_help_panel=_You)
    ] = None,
    account: Annotated[
        str | None, typer.Option(help="Your own short word for the mailbox; home.", rich_help_panel=_Mailbox)
    ] = None,
    host: Annotated[str | None, typer.Option(help="The IMAP server.", rich_help_panel=_Mailbox)] = None,
    port: Annotated[int | None, typer.Option(help="Its port.", min=1, max=65535, rich_help_panel=_Mailbox)] = None,
    tls: Annotated[Tls | None, typer.Option(help="How it is protected.", rich_help_panel=_Mailbox)] = None,
    fingerprint: Annotated[
        str | None, typer.Option(help="Pins a certificate: sha256:...", rich_help_panel=_Mailbox)
    ] = None,
    username: Annotated[
        str | None, typer.Option(help="What to sign in with; the address.", rich_help_panel=_Mailbox)
    ] = None,
    autoconfig: Annotated[
        str | None,
        typer.Option(metavar="URL", help="The file that names your company's servers.", rich_help_panel=_Mailbox),
    ] = None,
    maildir: Annotated[
        Path | None, typer.Option(metavar="PATH", help="Mail in files, no server.", rich_help_panel=_Mailbox)
    ] = None,
    client: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Google's API: client_secret.json.", rich_help_panel=_Mailbox)
    ] = None,
    client_id: Annotated[
        str | None, typer.Option(help="Microsoft: the application id.", rich_help_panel=_Mailbox)
    ] = None,
    tenant: Annotated[
        str | None, typer.Option(help="Microsoft: common, consumers, an id ...", rich_help_panel=_Mailbox)
    ] = None,
    password_command: Annotated[
        str | None, typer.Option(metavar="COMMAND", help="A program prints it.", rich_help_panel=_Password)
    ] = None,
    password_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A file of mode 0600.", rich_help_panel=_Password)
    ] = None,
    keyring: Annotated[
        bool, typer.Option("--keyring", help="It lies in the keyring already.", rich_help_panel=_Password)
    ] = False,
    watch: Annotated[
        list[str] | None,
        typer.Option(metavar="FOLDER", help="Watch it; once for each. INBOX.", rich_help_panel=_Habits),
    ] = None,
    drafts: Annotated[
        str | None, typer.Option(help="The drafts folder, if not found.", rich_help_panel=_Habits)
    ] = None,
    sent: Annotated[str | None, typer.Option(help="The sent folder, if not found.", rich_help_panel=_Habits)] = None,
    languages: Annotated[str | None, typer.Option(help="auto, or such as en,de.", rich_help_panel=_Habits)] = None,
    quiet_hours: Annotated[str | None, typer.Option(help="22:00-08:00, or none.", rich_help_panel=_Habits)] = None,
    enquire_after: Annotated[
        str | None, typer.Option(help="`7 working days`, or never.", rich_help_panel=_Habits)
    ] = None,
    non_interactive: Annotated[
        bool, typer.Option("--non-interactive", help="Ask nothing: take the options and the defaults.")
    ] = False,
    offline: Annotated[bool, typer.Option("--offline", help="Contact nobody; only write the file.")] = False,
) -> None:
    """Set Afterword up: asks a few questions, finds your mail server, signs in, and writes the configuration.

    Nothing is written before you have agreed, and your mail is only read. Run it again to add a mailbox or to set one
    up anew: what you wrote into the file yourself stays, and a copy of the file is kept. Every question has an option.
    """
    from agent.config.load import locate  # everything that a conversation needs takes a moment; `--help` does not wait
    from agent.setup.asking import Given
    from agent.setup.interview import interview
    from agent.setup.lookups import network
    from agent.setup.values import NotAnswered, Stopped

    given = Given(
        name=name, address=address, signature=signature, account=account, host=host, port=port, tls=tls,
        fingerprint=fingerprint, username=username, autoconfig=autoconfig, maildir=maildir, client=client,
        client_id=client_id, tenant=tenant, password_command=password_command, password_file=password_file,
        keyring=keyring, watch=tuple(watch) if watch else None, drafts=drafts, sent=sent, languages=languages,
        quiet_hours=quiet_hours, enquire_after=enquire_after, offline=offline,
    )  # fmt: skip
    if not non_interactive and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise Impossible(
            "Afterword asks questions here, and no terminal is there to answer them. Run it in a terminal (over ssh: "
            "ssh -t), or give the answers as options with --non-interactive; `afterword init --help` lists them."
        )
    talk = Alone() if non_interactive else Terminal()
    try:
        if not talk.alone:
            talk.say("Ctrl-C stops at any time. Nothing is written before you have agreed.")
        outcome = interview(talk, given, locate(options.of(context).config), network(), clock.now())
    except (KeyboardInterrupt, EOFError):
        raise Impossible("\nStopped. Nothing was written.") from None
    except (Stopped, NotAnswered) as stopped:
        raise Impossible(f"{stopped}\nNothing was written.") from None
    _ended(context, talk, outcome)


class Terminal:
    """Somebody at a terminal, here or over ssh: whole lines, no cursor movement, no browser needed."""

    alone = False

    def say(self, text: str = "") -> None:
        """In words, below each other where the text begins with a number or a dash."""
        out = console(page=True)
        indent = len(_MARK.match(text)[0])  # type: ignore[index] # nothing is matched too
        lines = wrap(text, out.width, subsequent_indent=" " * indent, break_long_words=False, break_on_hyphens=False)
        out.print(styled("\n".join(lines)), soft_wrap=True)

    def heading(self, text: str) -> None:
        console(page=True).print(styled(("\n" + text, "bold")))

    def ask(self, question: str, *, default: str | None = None, option: str) -> str:  # noqa: ARG002 - for nobody there
        shown = f"{question} [{default}]: " if default else f"{question}: "
        return input(plain(shown)).strip() or default or ""

    def secret(self, question: str, *, option: str) -> str:  # noqa: ARG002 - as above
        return getpass.getpass(plain(f"{question}: "))

    def agree(self, question: str, *, default: bool) -> bool:
        while True:
            answer = input(f"{plain(question)} [{'Y/n' if default else 'y/N'}]: ").strip().casefold()
            if answer in ("", "y", "yes", "n", "no"):
                return default if not answer else answer.startswith("y")
            self.say("Please answer y or n.")

    def visit(self) -> Callable[[str], object] | None:
        return auth.opener()


class Alone(Terminal):
    """Nobody is there: options and defaults answer."""

    alone = True

    def ask(self, question: str, *, default: str | None = None, option: str) -> str:
        from agent.setup.values import NotAnswered  # loaded by now

        if default is None:
            raise NotAnswered(f"This has to be known: {question}. Give it with {option}.")
        return default

    def secret(self, question: str, *, option: str) -> str:
        from agent.setup.values import NotAnswered  # as above

        raise NotAnswered(f"Nobody can type: {question}. Use {option} or --password-command.")

    def agree(self, question: str, *, default: bool) -> bool:  # noqa: ARG002 - nobody reads it
        return default

    def visit(self) -> Callable[[str], object] | None:
        return None


def _ended(context: typer.Context, talk: Terminal, outcome: "Outcome") -> None:
    if outcome.written.changed:
        talk.say(f"Written: {outcome.path}")
        if outcome.written.backup:
            talk.say(f"The file as it was before: {outcome.written.backup}")
    else:
        talk.say(f"{outcome.path} says all this already; it was left as it is.")
    try:
        if not talk.alone and talk.agree("Have Afterword started by itself whenever you log in?", default=True):
            _install(context)
            return
    except (KeyboardInterrupt, EOFError):
        talk.say()
        talk.say("The configuration is written; the service is not installed.")
    except Impossible as no:  # the configuration is good all the same
        talk.say(f"The service is not installed: {no}")
    talk.say("Next: `afterword check` reads your mailbox once, `afterword status` shows what it found.")
    talk.say("From then on by itself: `afterword service install`, or `afterword run` in a terminal.")


def _install(context: typer.Context) -> None:
    from agent.cli.service import put_in_place  # only who wants it waits for it

    put_in_place(options.of(context).settings(), yes=False)
