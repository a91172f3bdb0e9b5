"""Judging is quick enough for a mailbox of years. The figures proper come from ``bench/``; here is the bound."""

import time
from statistics import median

from rules.judge import judge
from rules.load import load_rulebook
from tests.rules.sample import mail

PARAGRAPHS = (
    "Thank you for your interest in the {} position and for the time that you took to meet with our team last week.",
    "We have received your documents, and our recruiters are now reviewing every application for the role of {}.",
    "Unfortunately we had to move the interview with our {}; would Tuesday at ten or Wednesday afternoon work for you?",
    "The last quarter was a busy one for everybody here, and the new {} has helped us a great deal to keep our word.",
    "If you have any questions about the {}, please do not hesitate to write to us or to call me on my direct line.",
    "After careful consideration we have decided to move forward with other candidates for the post of {} this time.",
)
ROLES = ("clerk", "data analyst", "warehouse supervisor", "nurse", "office manager", "gardener", "product designer")


def test_a_mail_of_two_kilobytes_is_judged_in_a_few_milliseconds() -> None:
    """The median once the patterns are warm, reading included; ordinary mail, that hits fewer rules, takes a third."""
    book = load_rulebook()
    texts = [
        "\n\n".join(
            PARAGRAPHS[(at + step) % 6].format(ROLES[(at + 3 * step) % 7]) for step in range(at % 5, at % 5 + 17)
        )
        for at in range(60)
    ]
    assert median(map(len, texts)) > 1700
    for text in texts:
        judge(mail(text), book)
    times = []
    for text in texts:
        start = time.process_time()
        judge(mail(text), book)
        times.append(time.process_time() - start)
    print(f"a mail of 2 KB: {1000 * median(times):.1f} ms")
    assert median(times) < 0.015
