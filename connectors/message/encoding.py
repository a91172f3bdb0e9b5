"""From bytes to words: transfer encodings (RFC 2045 6) and charsets, as they are really sent. Nothing here raises."""

import binascii
import codecs
import re
from encodings.aliases import aliases

_BASE64_NOISE = re.compile(rb"[^A-Za-z0-9+/=]+")
_CUT_QUOTED = re.compile(rb"=[0-9A-Fa-f]?\Z")

# Only these names reach the codec machinery: an unknown name makes Python look for a module of that name, and some
# codecs are slow by design (idna, punycode) or unpack bombs (zlib).
_NO_CHARSETS = frozenset({"base64_codec", "bz2_codec", "hex_codec", "quopri_codec", "rot_13", "uu_codec", "zlib_codec"})
_KNOWN = frozenset(aliases.values()) - _NO_CHARSETS | {"koi8_u", "cp874", "cp720", "cp737", "cp856", "mac_cyrillic"}
# As https://encoding.spec.whatwg.org/#names-and-labels: what senders mean by these labels is the larger charset.
_MEANT = {
    "latin_1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "iso8859_9": "cp1254",
    "tis_620": "cp874",
    "big5": "cp950",
}
_OTHER_NAMES = {"iso_8859_8_i": "iso8859_8", "windows_874": "cp874", "x_sjis": "cp932", "x_gbk": "gb18030"}


def from_transfer(content: bytes, encoding: str, *, cut: bool = False) -> bytes:
    """Undo a Content-Transfer-Encoding; an unknown one leaves the bytes as they are. ``cut``: the end is missing."""
    match encoding.strip().lower():
        case "base64":
            return from_base64(content)
        case "quoted-printable":
            return from_quoted(_CUT_QUOTED.sub(b"", content) if cut else content)
        case _:
            return content


def from_base64(content: bytes) -> bytes:
    """Base64 with noise, missing padding or a missing end."""
    pure = _BASE64_NOISE.sub(b"", content).partition(b"=")[0]
    pure = pure[:-1] if len(pure) % 4 == 1 else pure
    return binascii.a2b_base64(pure + b"=" * (-len(pure) % 4))


def from_quoted(content: bytes) -> bytes:
    """Quoted-printable; a broken escape stays as it is."""
    return binascii.a2b_qp(content)


def to_text(content: bytes, charset: str | None, *, cut: bool = False) -> str:
    """The declared charset, else UTF-8, else what Windows would show. No NUL, no half characters.

    ``cut``: the content ends anywhere, so an unfinished last character is dropped and not held against the charset.
    """
    declared = _codec(charset)
    for name in (declared, "utf-8"):
        text = _strictly(content, name, final=not cut) if name else None
        if text is not None:
            return _writable(text)
    return _writable(_mended(content, declared or "utf-8"))


def _codec(charset: str | None) -> str | None:
    plain = re.sub(r"[^a-z0-9]+", "_", (charset or "")[:64].lower()).strip("_")
    plain = _OTHER_NAMES.get(plain, plain)
    name = aliases.get(plain, plain)
    # US-ASCII with other bytes in it was not meant: better to guess than to believe it.
    return _MEANT.get(name, name) if name in _KNOWN and name != "ascii" else None


def _strictly(content: bytes, name: str, *, final: bool) -> str | None:
    try:
        return codecs.getincrementaldecoder(name)("strict").decode(content, final)
    except (UnicodeError, LookupError):
        return None


def _mended(content: bytes, name: str) -> str:
    """A damaged text: its own charset if most of what is not ASCII makes sense in it, else Windows-1252."""
    try:
        text = content.decode(name, "replace")
    except (UnicodeError, LookupError):
        text = "\ufffd"
    foreign = sum(1 for character in text if character > "\x7f")
    if foreign > 2 * text.count("\ufffd"):
        return text
    return _strictly(content, "cp1252", final=True) or content.decode("latin-1")


def _writable(text: str) -> str:
    """Without NUL (databases refuse it), lone surrogates (UTF-7 makes them) and a leading byte order mark."""
    return re.sub("[\x00\ud800-\udfff]", "", text).removeprefix("\ufeff")
