"""How well mail is read: precision, recall and confusion by meaning and language, time and memory for each mail.

    python -m bench.detection [FOLDER ...] [--ordinary PATH ...]

FOLDER holds labelled mail: an ``index.tsv`` with the columns file, label, language (and stage, employer, direction
where known), here or in folders below; by default both halves of the corpus. PATH is mail about anything but
applications, a folder, Maildir or mbox: each mail judged a refusal is a false alarm, and is named.
"""

import argparse
import re
import resource
import time
import tracemalloc
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles

from agent.cli.mails import mails
from connectors.message import Message
from connectors.message.parse import parse
from connectors.port import Unreadable
from rules.judge import judge
from rules.load import Rulebook, load_rulebook
from rules.verdict import Meaning
from tests.rules.labelled import Judged, Labelled, Share, labelled, precision, recall, stages

HALVES = [Path(__file__).parents[1] / "tests/corpus" / half for half in ("development", "scored")]
REFUSALS = (Meaning.REJECTION, Meaning.FILLED)
WEIGHED = 200
"""Mails whose memory is measured, which takes ten times as long as judging them."""


def main() -> None:
    wanted = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wanted.add_argument("folders", nargs="*", type=Path, metavar="FOLDER")
    wanted.add_argument("--ordinary", nargs="+", type=Path, default=[], metavar="PATH")
    asked = wanted.parse_args()
    before = _highest()
    begun = time.perf_counter()
    rulebook = load_rulebook()
    print(
        f"{len(rulebook.rules)} rules ({', '.join(rulebook.packs)}) loaded in {time.perf_counter() - begun:.2f} s, "
        f"{_highest() - before:.0f} MB"
    )
    for folder in asked.folders or ([] if asked.ordinary else HALVES):
        show(folder, rulebook)
    if asked.ordinary:
        show_alarms(asked.ordinary, rulebook)


def show(folder: Path, rulebook: Rulebook) -> None:
    """Everything about one labelled folder."""
    everything = labelled(folder)
    known = [mail for mail in everything if mail.language in rulebook.packs]
    messages = [mail.message() for mail in known]
    seconds, found = [], []
    for mail, message in zip(known, messages, strict=True):
        begun = time.perf_counter()
        verdict = judge(message, rulebook)
        seconds.append(time.perf_counter() - begun)
        found.append(Judged(mail=mail, verdict=verdict))
    print(f"\n== {folder}: {len(known)} mails")
    if others := sorted({mail.language for mail in everything} - set(rulebook.packs)):
        print(f"left out, since there is no pack yet: {', '.join(others)}")
    for language in sorted({mail.language for mail in known}):
        show_meanings(language, [each for each in found if each.mail.language == language])
    if known:
        show_cost(messages, seconds, rulebook)


def show_meanings(language: str, found: Sequence[Judged]) -> None:
    """A line for each meaning, with what its mails were taken for instead."""
    print(f"\n{language:19}mails  precision (95 %)      recall (95 %)         taken for")
    for meaning in Meaning:
        mine = [each for each in found if each.mail.meaning is meaning]
        right, caught = precision(found, meaning), recall(found, meaning)
        if not mine and not right.whole:
            continue
        instead = Counter(each.verdict.meaning.value for each in mine if each.verdict.meaning is not meaning)
        taken = ", ".join(f"{name} {number}" for name, number in instead.most_common())
        print(f"  {meaning.value:17}{len(mine):5}  {right!s:21} {caught!s:21} {taken}".rstrip())
    print(f"  stage of refusals     {stages(found)}")
    named = [each for each in found if each.mail.employer and each.verdict.employer]
    wrong = sum(not _same(each.mail, each.verdict.employer or "") for each in named)
    told = sum(bool(each.mail.employer) for each in found)
    print(f"  employer              told of {told}, found {len(named)}, wrong {Share(wrong, len(named))}")


def _same(mail: Labelled, employer: str) -> bool:
    """Whether both are one name, or one of them a short form of the other."""
    one, other = ("".join(filter(str.isalnum, name.casefold())) for name in (mail.employer or "", employer))
    return one in other or other in one


def show_cost(messages: Sequence[Message], seconds: Sequence[float], rulebook: Rulebook) -> None:
    """Time and memory of judging a mail that is parsed already."""
    low, high = median(seconds) * 1000, quantiles(seconds, n=20)[-1] * 1000 if len(seconds) > 1 else 0
    print(f"\ntime for each mail: median {low:.1f} ms, 95 % under {high:.1f} ms, at most {max(seconds) * 1000:.1f} ms")
    tracemalloc.start()
    peaks = []
    for message in messages[:WEIGHED]:
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        judge(message, rulebook)
        peaks.append((tracemalloc.get_traced_memory()[1] - before) / 1024)
    tracemalloc.stop()
    print(f"memory for each mail: median {median(peaks):.0f} KB, at most {max(peaks):.0f} KB; ", end="")
    print(f"highest so far, program and all: {_highest():.0f} MB")


def show_alarms(paths: Iterable[Path], rulebook: Rulebook) -> None:
    """False alarms on ordinary mail, each with its file and the rules that were wrong."""
    read = unreadable = 0
    alarms = Counter[Meaning]()
    for found in mails(paths):
        try:
            message = parse(found.raw, arrived=datetime.now(UTC), outgoing=False)
        except Unreadable:
            unreadable += 1
            continue
        read += 1
        verdict = judge(message, rulebook)
        alarms[verdict.meaning] += 1
        if verdict.meaning in REFUSALS:
            print(f"{found.path}: {verdict.meaning.value} by {', '.join(hit.rule for hit in verdict.evidence)}")
    print(f"\nordinary mail: {read} read, {unreadable} unreadable; judged ", end="")
    print(", ".join(f"{meaning.value} {number}" for meaning, number in alarms.most_common()))
    for meaning in REFUSALS:
        share = Share(alarms[meaning], read)
        low, high = (10_000 * each for each in share.interval)
        print(f"false {meaning.value}: {10_000 * share.value:.1f} in 10,000 (95 %: {low:.1f} to {high:.1f})")


def _highest() -> float:
    """The most memory the process ever held, in MB. On Linux ru_maxrss would count what started it as well."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(re.findall(r"VmHWM:\s+(\d+) kB", status.read_text())[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


if __name__ == "__main__":
    main()
