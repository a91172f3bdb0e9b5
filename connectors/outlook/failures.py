"""What Microsoft Graph answers when it does not do as asked, by what to do about it (``connectors.port``).

Codes: learn.microsoft.com/graph/errors. Graph's own sentences may name addresses, so only its codes are shown.
"""

import re
from collections.abc import Mapping

from connectors.port import Failure, Refused, Unavailable

_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_.]{0,79}")
_STALE = frozenset({"syncstatenotfound", "syncstateinvalid", "resyncrequired", "errorsyncstatenotfound"})
_NO_MAILBOX = frozenset({"mailboxnotenabledforrestapi", "mailboxnotsupportedforrestapi", "resourcenotfound"})
_FULL = frozenset({"errorquotaexceeded", "quotalimitreached", "errormessagesizeexceeded"})
_SPOILT = ("conversion", "corrupt", "mimecontent")


class SaysNo(Unavailable):
    """Graph refused one request; whoever knows what that means for the user raises something better."""

    def __init__(self, status: int, code: str) -> None:
        self.status = status
        self.code = code
        super().__init__(f"Microsoft would not do that now ({code}, HTTP {status}); it is tried again later")

    @property
    def is_stale(self) -> bool:
        """The state of a delta query is forgotten (learn.microsoft.com/graph/delta-query-overview, 410)."""
        return self.status == 410 or self.code.casefold() in _STALE

    @property
    def is_full(self) -> bool:
        """The mailbox takes nothing more."""
        return self.status == 507 or self.code.casefold() in _FULL

    @property
    def is_spoilt(self) -> bool:
        """This one message cannot be shown as MIME, today or ever."""
        return any(word in self.code.casefold() for word in _SPOILT)


class Missing(SaysNo):
    """What was asked for is not there (404)."""


def error_code(answer: object) -> str | None:
    """The code of Graph's error object (learn.microsoft.com/graph/errors), or None when this is none of Graph's."""
    error = answer.get("error") if isinstance(answer, Mapping) else None
    code = error.get("code") if isinstance(error, Mapping) else None
    if not isinstance(code, str):
        return None
    return code if _CODE.fullmatch(code) else "an unknown code"


def failure(status: int, code: str | None, *, host: str, account: str, rest: float = 0.0) -> Failure:
    """The failure for an answer of 300 and more. ``code`` is None when the answer is not Graph's; ``rest``: seconds."""
    if code is None:
        return foreign(host, f"HTTP {status}")
    match status:
        case 401:
            return Refused(
                f"Microsoft does not accept the sign-in of account `{account}` any more; sign in again: afterword auth "
                f"{account} (or look at the program under `token:`)"
            )
        case 403:
            return Refused(
                f"Microsoft forbids what account `{account}` needs ({code}). It needs the permissions Mail.ReadWrite "
                "and User.Read, and in a company an administrator may have to allow them; see docs/outlook.md, then: "
                f"afterword auth {account}"
            )
        case 404 if code.casefold() in _NO_MAILBOX:
            return Refused(
                f"account `{account}` has no mailbox that Microsoft Graph can open ({code}): it lies on a server of "
                "your organisation, or has no licence. Try `connector: imap`; see docs/outlook.md"
            )
        case 404:
            return Missing(status, code)
        case 429 | 503 | 504:
            sentence = f"Microsoft asks for a pause ({code}); account `{account}` is read again later"
            return Unavailable(sentence, rest=rest)
    return SaysNo(status, code)


def foreign(host: str, what: str) -> Unavailable:
    """An answer that Graph does not give."""
    return Unavailable(
        f"what answers for {host} is not Microsoft Graph ({what}). A hotel, train or company network may want you to "
        "sign in to it first: open any page in a browser. Nothing is lost, it is tried again"
    )
