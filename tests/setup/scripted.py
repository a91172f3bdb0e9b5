"""Somebody who answers as a test wants, and what they were told."""

from collections.abc import Callable


class Scripted:
    """Each question is answered by the first of ``answers`` that it begins with; a list is used up. Else the default.

    ``shown`` holds all that was said and asked, in order.
    """

    def __init__(self, answers: dict[str, str | list[str]] | None = None, *, alone: bool = False) -> None:
        self.alone = alone
        self.shown: list[str] = []
        self._answers = answers or {}

    def say(self, text: str = "") -> None:
        self.shown.append(text)

    heading = say

    def ask(self, question: str, *, default: str | None = None, option: str) -> str:  # noqa: ARG002 - the command line is not asked here
        return self._answer(question) or default or ""

    def secret(self, question: str, *, option: str) -> str:  # noqa: ARG002 - as above
        return self._answer(question)

    def agree(self, question: str, *, default: bool) -> bool:
        answer = self._answer(question)
        return answer == "y" if answer else default

    def visit(self) -> Callable[[str], object] | None:
        return None

    def _answer(self, question: str) -> str:
        self.shown.append(question)
        for begin, answer in self._answers.items():
            if question.startswith(begin):
                return answer if isinstance(answer, str) else answer.pop(0)
        return ""
