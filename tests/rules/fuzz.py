"""Damaged mail without end: whatever the bytes, judging ends in time with a verdict or ``Unreadable``, never otherwise.

    python -m tests.rules.fuzz [--minutes N] [--seed N] [FOLDER ...]

Mails of the corpus (or of FOLDER) are cut, spliced, doubled and overwritten with what breaks parsers. A mail that takes
too long or raises is written to a file, its seed is printed, and the exit code is 1.
"""

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from connectors.message.parse import parse
from connectors.port import Unreadable
from rules.judge import judge
from rules.load import Rulebook, load_rulebook

CORPUS = Path(__file__).parents[1] / "corpus"
LONGEST = 2.0
"""Seconds for one mail, on a slow machine and with every pack."""
NASTY = (
    b"\x00", b"\xff\xfe", b"=?utf-8?q?=ff?=", b"\r\n\r\n", b"--",
    b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x",
    b"Content-Transfer-Encoding: base64\r\n", b"charset=utf-7", b"<div>" * 2000, b"<table><tr><td>" * 500, b"> " * 3000,
    b"&#x1F600;" * 300, "\u202e\u2066".encode(), b"(" * 3000, b"a " * 5000, b"On 1 May, x wrote:\r\n" * 50,
    b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n" * 50, b"References: " + b"<a@b> " * 5000, b"if not, or else, until; " * 200,
)  # fmt: skip


def cut(mail: bytes, chance: random.Random, _: bytes) -> bytes:
    """Loses a piece."""
    start, end = sorted(chance.randrange(len(mail) + 1) for _ in range(2))
    return mail[:start] + mail[end:]


def spliced(mail: bytes, chance: random.Random, other: bytes) -> bytes:
    """Goes on as another mail."""
    return mail[: chance.randrange(len(mail) + 1)] + other[chance.randrange(len(other) + 1) :]


def doubled(mail: bytes, chance: random.Random, _: bytes) -> bytes:
    """Says a piece again and again."""
    start = chance.randrange(len(mail) + 1)
    return mail[:start] + mail[start : start + chance.randrange(1, 400)] * chance.randrange(2, 200) + mail[start:]


def poisoned(mail: bytes, chance: random.Random, _: bytes) -> bytes:
    """Holds what breaks parsers."""
    start = chance.randrange(len(mail) + 1)
    return mail[:start] + chance.choice(NASTY) + mail[start:]


def flipped(mail: bytes, chance: random.Random, _: bytes) -> bytes:
    """Has some bytes overwritten."""
    damaged = bytearray(mail or b" ")
    for _ in range(chance.randrange(1, 30)):
        damaged[chance.randrange(len(damaged))] = chance.randrange(256)
    return bytes(damaged)


DAMAGES: tuple[Callable[[bytes, random.Random, bytes], bytes], ...] = (cut, spliced, doubled, poisoned, flipped)


def damaged(seed: int, mails: list[bytes]) -> bytes:
    """The mail of a seed: always the same."""
    chance = random.Random(seed)  # noqa: S311 - chance, not secrecy
    mail = chance.choice(mails)
    for _ in range(chance.randrange(1, 5)):
        mail = chance.choice(DAMAGES)(mail, chance, chance.choice(mails))
    return mail[: 2 << 20]


def trouble(mail: bytes, book: Rulebook) -> str | None:
    """What is wrong with how a mail is judged: an exception, or seconds; None as a rule."""
    begun = time.process_time()
    try:
        judge(parse(mail, arrived=datetime.now(UTC), outgoing=False), book)
    except Unreadable:
        pass
    except Exception as failure:  # noqa: BLE001 - this is what is looked for
        return repr(failure)
    took = time.process_time() - begun
    return f"{took:.1f} s" if took > LONGEST else None


def main() -> int:
    wanted = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wanted.add_argument("folders", nargs="*", type=Path, default=[CORPUS], metavar="FOLDER")
    wanted.add_argument("--minutes", type=float, default=10)
    wanted.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000_000)
    asked = wanted.parse_args()
    mails = [path.read_bytes() for folder in asked.folders for path in sorted(folder.rglob("*.eml"))]
    book, seed, bad = load_rulebook(), asked.seed, 0
    end = time.monotonic() + 60 * asked.minutes
    while time.monotonic() < end:
        mail = damaged(seed, mails)
        if said := trouble(mail, book):
            bad += 1
            with tempfile.NamedTemporaryFile(prefix=f"fuzz-{seed}-", suffix=".eml", delete=False) as file:
                file.write(mail)
            print(f"seed {seed}: {said}: {file.name}")
        seed += 1
    print(f"{seed - asked.seed} mails from seed {asked.seed}, {bad} bad")
    return bad > 0


if __name__ == "__main__":
    sys.exit(main())
