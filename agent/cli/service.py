"""``afterword service``: started when you log in, by the system's own means."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli import options
from agent.cli.failures import FAILED, Impossible
from agent.cli.output import console, emit, plain, styled

if TYPE_CHECKING:
    from agent.config.settings import Settings
    from agent.service import Condition, Service

app = typer.Typer(no_args_is_help=True, help="Have Afterword started when you log in, and kept running.")

_Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


@app.command()
def install(
    context: typer.Context,
    *,
    yes: _Yes = False,
    start: Annotated[bool, typer.Option("--start/--no-start", help="Start it too, or only write the file.")] = True,
) -> None:
    """Install the service, or renew it after a move or an upgrade. What would be written is shown first.

    systemd on Linux, launchd on macOS, the Task Scheduler on Windows; as you, without root.
    """
    settings = options.of(context).settings()
    put_in_place(settings, yes=yes, start=start)


def put_in_place(settings: "Settings", *, yes: bool, start: bool = True) -> None:
    """Show what would be written, ask unless ``yes``, and do it. Raises ``Impossible``."""
    from agent import service as services  # each command loads what it needs

    try:
        service = services.service_for(settings.source)
        before = services.condition(service)
        _refuse_a_second(settings, before)
        _show(service)
        _ask(f"Write {service.file}{' and start it' if start else ''}?", yes=yes, otherwise="Nothing was written.")
        if start:
            console().print("Starting; the first time it makes its rules ready, which may take a minute ...")
        services.install(service, start=start)
    except services.ServiceTrouble as trouble:
        raise Impossible(str(trouble)) from None
    except services.NotStarted as trouble:
        raise Impossible(_not_started(str(trouble), service, services.condition(service))) from None
    if not start:
        console().print(styled(f"Written: {service.file}\nTo start it:"))
        for command in service.start:
            console().print(styled(f"  {' '.join(command.argv)}"))
        return
    console().print(styled(("Afterword is running.", "bold")))
    for note in service.notes:
        console().print(styled(note))


def _not_started(why: str, service: "Service", after: "Condition") -> str:
    """The file is there, and so is what is known of why it does not run."""
    if after.life is None and service.scheduler == "systemd":
        way_out = (
            "systemd answers only within a login of yours: not after su or sudo, and not in a container. Log in as "
            "yourself and install again, or let something else start `afterword run`."
        )
    else:
        way_out = _fares(service, after)
    return f"{service.file} is written, but the service is not started: {why}\n{way_out}"


def _refuse_a_second(settings: "Settings", before: "Condition") -> None:
    """One that somebody started by hand would keep the service from working."""
    from agent.lock import is_running  # as above

    if is_running(settings.store) and not (before.life and before.life.running):
        raise Impossible("Afterword is running already, started by hand. Stop it (Ctrl-C), then install the service.")


def _show(service: "Service") -> None:
    console().print(styled((f"{service.file}", "bold")))
    console().print(plain(service.text), soft_wrap=True)


def _ask(question: str, *, yes: bool, otherwise: str) -> None:
    if yes:
        return
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise typer.BadParameter("without a terminal nobody can be asked; say --yes", param_hint="--yes")
    if not typer.confirm(question, default=True):
        raise Impossible(otherwise)


@app.command()
def uninstall(context: typer.Context, *, yes: _Yes = False) -> None:
    """Stop the service and remove it. Only what `service install` wrote is removed; nothing of yours is.

    Your configuration, what Afterword knows and your drafts stay.
    """
    from agent import service as services  # as above

    try:
        service = _named(context)
        if services.condition(service).installed:
            _ask(f"Stop Afterword and remove {service.file}?", yes=yes, otherwise="Nothing was removed.")
        removed = services.uninstall(service)
    except services.ServiceTrouble as trouble:
        raise Impossible(str(trouble)) from None
    console().print(f"Removed: {service.file}" if removed else "No service is installed; there is nothing to remove.")


@app.command()
def status(
    context: typer.Context, *, as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False
) -> None:
    """Is the service installed, does it run, and is it up to date? Exit code 0: it runs; 1: it does not."""
    from agent import service as services  # as above

    try:
        service = _named(context)
        found = services.condition(service)
    except services.ServiceTrouble as trouble:
        raise Impossible(str(trouble)) from None
    if as_json:
        emit(_form(service, found))
    else:
        for sentence in told(service, found):
            console().print(styled(sentence))
    if not (found.life and found.life.running):
        raise typer.Exit(FAILED)


def _named(context: typer.Context) -> "Service":
    """The service of this machine. It can be asked and removed without a configuration that is right."""
    from agent.config.load import locate  # as above
    from agent.service import service_for

    return service_for(locate(options.of(context).config))


def _form(service: "Service", found: "Condition") -> dict[str, object]:
    life = found.life
    return {
        "version": 1,
        "scheduler": service.scheduler,
        "file": str(service.file),
        "installed": found.installed,
        "ours": found.ours,
        "current": found.current,
        "running": life.running if life else None,
        "needs_user": life.needs_user if life else None,
        "words": life.words if life else None,
    }


def told(service: "Service", found: "Condition") -> list[str]:
    """How the service fares, in sentences."""
    if not found.installed:
        return ["No service is installed. To have Afterword started when you log in: afterword service install"]
    if not found.ours:
        return [f"{service.file} was not written by Afterword. It is left alone, and not looked at."]
    sentences = [_fares(service, found), f"File: {service.file}", *service.notes]
    if not found.current:
        sentences.append(
            "The file differs from what this Afterword would write: it was moved, upgraded, or changed by you. "
            "To renew it: afterword service install"
        )
    return sentences


def _fares(service: "Service", found: "Condition") -> str:
    if found.life is None:
        return f"The service is installed, but {service.scheduler} cannot be asked here how it fares."
    words = f" {service.scheduler} says: {found.life.words}" if found.life.words else ""
    if found.life.running:
        return f"The service is running.{words}"
    if found.life.needs_user:
        return (
            "The service has ended, since the configuration or a sign-in needs you. `afterword status` says what; "
            "then start it again: afterword service install"
        )
    return f"The service is installed, but not running.{words}"
