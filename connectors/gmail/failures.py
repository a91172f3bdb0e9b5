"""What goes wrong between here and Google, by what to do about it (``connectors.port``).

Codes and reasons: developers.google.com/workspace/gmail/api/guides/handle-errors, cloud.google.com/apis/design/errors.
"""

import contextlib
import http.client
import json
import ssl
from collections.abc import Iterator

import httplib2
from googleapiclient.errors import Error, HttpError

from connectors.account import Account
from connectors.gmail.line import TooMuch
from connectors.oauth import sign_in_again
from connectors.port import Failure, Refused, Unavailable, Unreadable

_NOT_UNDERSTOOD = (Error, ValueError, TypeError, LookupError, AttributeError, RecursionError)
"""What the library raises on an answer that is no JSON, or JSON of another shape."""
_RATE = ("ratelimitexceeded", "userratelimitexceeded", "resource_exhausted", "rate_limit_exceeded")
_DAILY = ("dailylimitexceeded", "quotaexceeded")
_SCOPE = ("insufficientpermissions", "access_token_scope_insufficient")
_DISABLED = ("accessnotconfigured", "service_disabled")


class Lost(Unavailable):
    """The connection is gone, before an answer came. What was asked may have happened or not."""


class Busy(Unavailable):
    """Google asks for a pause; ``after`` is how many seconds, if it says so."""

    def __init__(self, sentence: str, *, after: float | None) -> None:
        self.after = after
        super().__init__(sentence, rest=after or 0.0)


class NoSignIn(Refused):
    """401: the token is not, or no longer, good."""


class SaysNo(Unavailable):
    """A plain no (4xx) to one request: it did not happen. ``status`` is the HTTP status, ``reason`` Google's word."""

    def __init__(self, status: int, reason: str) -> None:
        self.status = status
        self.reason = reason
        super().__init__(f"Google would not answer that now ({status} {reason}); it is tried again later")


@contextlib.contextmanager
def as_failures(account: Account) -> Iterator[None]:
    """Turn what Google's client, httplib2 and the socket raise into the port's failures."""
    try:
        yield
    except HttpError as no:
        raise named(no.resp, no.content, account) from None
    except TooMuch as much:
        raise Unreadable("its text is longer than 16 MB") from much
    except ssl.SSLCertVerificationError as wrong:
        raise Unavailable(
            "Google's certificate cannot be verified: this computer's clock may be wrong, or the network "
            "(a hotel's, a company's) answers in Google's place. It is tried again"
        ) from wrong
    except TimeoutError as slow:
        raise Lost("Google does not answer; the network may be down") from slow
    except (OSError, httplib2.HttpLib2Error, http.client.HTTPException) as gone:
        raise Lost("the connection to Google is lost, or cannot be made") from gone
    except _NOT_UNDERSTOOD as odd:
        # The answer itself may hold anything, so it is no part of the exception's chain.
        raise Unavailable(_SOMEBODY_ELSE + f" ({type(odd).__name__})") from None


_SOMEBODY_ELSE = (
    "what came is no answer of Google's: the network may want a sign-in first (open any page in a browser), "
    "or the answer was cut. It is tried again"
)


def named(response: httplib2.Response, content: bytes, account: Account) -> Failure:
    """The failure an answer other than 2xx stands for."""
    status, reasons = response.status, _reasons(content)
    if status == 401:
        return NoSignIn(f"Google does not accept the sign-in of account `{account.name}`; {_again(account)}")
    if status == 429 or (status == 403 and _any(reasons, _RATE)):
        return Busy("Google asks for a pause: too many requests within a minute", after=_after(response))
    if status >= 500:
        return Busy(f"Google's server has trouble of its own ({status})", after=_after(response))
    if status == 403:
        return _forbidden(reasons, account)
    if status < 400 or reasons is None:
        return Unavailable(_SOMEBODY_ELSE + f" ({status})")
    return SaysNo(status, next((each for each in sorted(reasons) if each.isalpha()), ""))


def _forbidden(reasons: frozenset[str] | None, account: Account) -> Failure:
    if reasons is None:
        return Unavailable(_SOMEBODY_ELSE + " (403)")
    if _any(reasons, _SCOPE):
        return Refused(
            f"the sign-in of account `{account.name}` lacks a right, to read mail or make drafts; {_again(account)}, "
            "and leave both boxes ticked"
        )
    if _any(reasons, _DISABLED):
        return Refused(
            "the Gmail API is not switched on in your Google Cloud project; docs/gmail.md, step 2, says where"
        )
    if _any(reasons, ("domainpolicy",)):
        return Refused("the administrator of this Google Workspace does not allow it; ask them to allow your client")
    if _any(reasons, _DAILY):
        return Unavailable("the day's quota of your Google Cloud project is used up; it goes on tomorrow")
    return SaysNo(403, next((each for each in sorted(reasons) if each.isalpha()), ""))


def _again(account: Account) -> str:
    return "the program under `token:` must give another" if account.token else sign_in_again(account)


def _any(reasons: frozenset[str] | None, wanted: tuple[str, ...]) -> bool:
    return reasons is not None and not reasons.isdisjoint(wanted)


def _reasons(content: bytes) -> frozenset[str] | None:
    """Google's words for what is wrong, in lower case, of its old and its new form; None when this is not Google."""
    try:
        error = json.loads(content)["error"]
        told = [error.get("status"), *(each.get("reason") for each in error.get("errors", []))]
        told += [each.get("reason") for each in error.get("details", [])]
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return None
    return frozenset(each.lower()[:60] for each in told if isinstance(each, str))


def _after(response: httplib2.Response) -> float | None:
    """Retry-After (RFC 9110 10.2.3) in seconds; a date there counts as nothing said."""
    value = str(response.get("retry-after", ""))
    return float(value) if value.isascii() and value.isdigit() and len(value) < 7 else None
