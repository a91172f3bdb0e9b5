"""Checked parts of the config file to the settings the rest of the agent works with."""

from dataclasses import replace
from pathlib import Path

import platformdirs
import tzlocal

from agent.config import schema as part
from agent.config.settings import Clock, CommandAlert, FollowUp, Me, Settings
from agent.policy import Entry, When
from connectors.account import Account, Folders, Tls
from connectors.secrets import FromCommand, FromCredential, FromFile, FromKeyring, Secret


def settings(config: part.ConfigPart, source: Path) -> Settings:
    """The whole configuration, with what the system says where the file says nothing."""
    return Settings(
        me=Me(name=config.me.name, signature=config.me.signature.strip("\n")),
        accounts=tuple(_account(each) for each in config.accounts),
        clock=_clock(config.clock),
        follow_up=FollowUp(
            thanks=config.follow_up.thanks,
            close_after=config.follow_up.close_after,
            enquire_after=config.follow_up.enquire_after,
        ),
        desktop_alerts="desktop" in config.alerts,
        command_alerts=tuple(
            CommandAlert(argv=each.command) for each in config.alerts if isinstance(each, part.CommandPart)
        ),
        lookback=config.lookback,
        brake=config.brake,
        languages=config.languages,
        rules=config.rules,
        policy=tuple(_entry(each) for each in config.policy),
        store=config.store or f"sqlite:///{platformdirs.user_data_path('afterword', appauthor=False) / 'afterword.db'}",
        source=source,
    )


def _clock(clock: part.ClockPart) -> Clock:
    return Clock(
        timezone=clock.timezone or tzlocal.get_localzone(),
        ask_within=clock.ask_within,
        remind_before=tuple(sorted(set(clock.remind_before), reverse=True)),
        quiet=clock.quiet_hours,
        country=clock.country,
    )


def _entry(entry: part.EntryPart) -> Entry:
    when = entry.when
    return Entry(
        when=When(
            meaning=tuple(each.value for each in when.meaning),
            stage=tuple(each.value for each in when.stage),
            sender=when.sender,
            employer=when.employer,
            account=when.account,
            language=when.language,
        ),
        then=entry.then,
    )


def _account(account: part.AnyAccount) -> Account:
    own: dict[str, str] = {}
    for address in (account.address, *account.addresses):
        own.setdefault(address.casefold(), address)
    base = Account(name=account.name, connector=account.connector, addresses=tuple(own.values()))
    match account:
        case part.ImapPart():
            return _imap(account, base)
        case part.MaildirPart():
            return replace(base, path=account.path, folders=_folders(account.folders))
        case part.GmailPart() | part.OutlookPart():
            base = replace(
                base,
                token=_token(account.token),
                endpoint=account.endpoint or "",
                authority=account.authority or "",
                folders=Folders(watch=account.folders.watch),
            )
            if isinstance(account, part.GmailPart):
                return replace(base, client=account.client)
            return replace(base, tenant=account.tenant, client_id=account.client_id or "")


def _imap(account: part.ImapPart, base: Account) -> Account:
    return replace(
        base,
        folders=_folders(account.folders),
        host=account.host,
        port=account.port or (993 if account.tls is Tls.IMPLICIT else 143),
        tls=account.tls,
        fingerprint=account.fingerprint,
        ca=account.ca,
        username=account.username or account.address,
        password=_secret(account.password, account.name),
        token=_token(account.token),
        client=account.client,
        client_id=account.client_id or "",
        tenant=account.tenant,
        authority=account.authority or "",
    )


def _folders(folders: part.FoldersPart) -> Folders:
    return Folders(watch=folders.watch, drafts=folders.drafts, sent=folders.sent)


def _token(token: part.CommandPart | None) -> Secret | None:
    return FromCommand(token.command) if token else None


def _secret(password: part.PasswordPart | None, account: str) -> Secret | None:
    if password is None:
        return None
    if password.command:
        return FromCommand(password.command)
    if password.credential:
        return FromCredential(password.credential)
    if password.file:
        return FromFile(password.file)
    return FromKeyring(account)
