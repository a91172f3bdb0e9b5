"""What must never happen has no method: no mailbox can send or delete, and nothing else can either."""

import ast
from importlib import import_module
from inspect import getmembers, isfunction
from pathlib import Path

import pytest

import connectors
from connectors.port import Mailbox

VERBS = {"changes", "search", "place_draft", "draft_now", "wait"}
ROOT = Path(connectors.__file__).parents[1]
SOURCES = sorted(path for room in ("connectors", "rules", "agent") for path in (ROOT / room).rglob("*.py"))
SENDING_LIBRARIES = {"smtplib", "aiosmtplib", "smtpd", "aiosmtpd", "nntplib", "lmtp", "sendgrid", "mailgun", "yagmail"}
FORBIDDEN = {"send", "sendmail", "send_message", "submit", "delete", "expunge", "remove", "trash", "move", "copy"}


def _classes(tree: ast.AST) -> list[ast.ClassDef]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]


def _is_mailbox(node: ast.ClassDef) -> bool:
    return node.name.endswith("Mailbox") or any(ast.unparse(base).endswith("Mailbox") for base in node.bases)


def _mailbox_classes() -> list[type[Mailbox]]:
    """Every mailbox class that is written anywhere below ``connectors``."""
    found: list[type[Mailbox]] = []
    for path in (path for path in SOURCES if path.is_relative_to(ROOT / "connectors")):
        names = [node.name for node in _classes(ast.parse(path.read_text())) if _is_mailbox(node)]
        if names:
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            found += [getattr(import_module(module), name) for name in names]
    return found


def _public_methods(kind: type) -> set[str]:
    return {name for name, _ in getmembers(kind, isfunction) if not name.startswith("_")}


def test_the_port_has_five_verbs() -> None:
    """The door has exactly these verbs; a sixth would need a reason here."""
    assert _public_methods(Mailbox) == VERBS


def test_there_are_mailboxes_to_look_at() -> None:
    """The tests below look at every connector and not at none."""
    assert {"Mailbox", "MemoryMailbox", "MaildirMailbox", "_Traced"} <= {kind.__name__ for kind in _mailbox_classes()}


@pytest.mark.parametrize("kind", _mailbox_classes(), ids=lambda kind: kind.__name__)
def test_no_mailbox_has_another_verb(kind: type[Mailbox]) -> None:
    """A concrete mailbox offers what the port offers and nothing else."""
    assert _public_methods(kind) == VERBS


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_can_send_mail(path: Path) -> None:
    """No module imports a library that speaks SMTP or sends mail in another way."""
    tree = ast.parse(path.read_text())
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not {name.partition(".")[0] for name in imported} & SENDING_LIBRARIES


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_mailbox_hides_a_forbidden_method(path: Path) -> None:
    """No mailbox class has a method, private ones included, whose name says that it sends, removes or moves mail."""
    methods = {
        method.name.strip("_")
        for node in _classes(ast.parse(path.read_text()))
        if _is_mailbox(node)
        for method in ast.walk(node)
        if isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert not methods & FORBIDDEN
