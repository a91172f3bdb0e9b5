"""Whose mailbox it is: a swapped sign-in must not write one person's letters as another's."""

import hashlib

from connectors.account import Account
from connectors.outlook.failures import SaysNo
from connectors.outlook.service import Row, Service
from connectors.port import Refused


def owner_of(service: Service, account: Account) -> str:
    """Who it is, in a few letters that stay. Raises ``Refused`` unless one of the account's addresses is one of theirs.

    Proxy addresses are asked for only when needed: personal accounts do not have the property.
    (learn.microsoft.com/graph/api/resources/user)
    """
    me = service.row("/me")
    if any(account.owns(each) for each in _texts(me, "mail", "userPrincipalName")):
        return _few_letters(me)
    if any(account.owns(each) for each in _proxies(service)):
        return _few_letters(me)
    raise Refused(
        f"the sign-in of account `{account.name}` opens another mailbox than the one under `address:`. Correct the "
        f"address, or sign in as the right person: afterword auth {account.name}"
    )


def _few_letters(me: Row) -> str:
    known = next(iter(_texts(me, "id", "userPrincipalName", "mail")), "")
    return hashlib.sha256(known.casefold().encode("utf-8", "replace")).hexdigest()[:16]


def _texts(row: Row, *names: str) -> list[str]:
    values = (row.get(name) for name in names)
    return [each for each in values if isinstance(each, str)]


def _proxies(service: Service) -> list[str]:
    try:
        found = service.row("/me", {"$select": "proxyAddresses"}).get("proxyAddresses")
    except SaysNo:
        return []
    listed = found if isinstance(found, list) else []
    return [each[5:] for each in listed if isinstance(each, str) and each[:5].casefold() == "smtp:"]
