"""Mails in files, folders, Maildirs and mbox files: each once, in an order that is always the same."""

import mailbox
import os
import tracemalloc
from email.message import EmailMessage
from pathlib import Path

import pytest

from agent.cli.mails import mails
from connectors.message.parse import MESSAGE_LIMIT


def mail(subject: str, text: str = "Hello\n") -> bytes:
    return f"From: a@b.test\nSubject: {subject}\n\n{text}".encode()


def found(*paths: Path) -> list[tuple[str, str]]:
    """Path and subject of each, or path and error."""
    return [
        (each.path, each.error or each.raw.partition(b"Subject: ")[2].partition(b"\n")[0].decode())
        for each in mails(paths)
    ]


def test_a_folder_is_read_by_name_and_to_its_depth(tmp_path: Path) -> None:
    """Files before and after folders as their names sort; hidden names and links to folders are passed over."""
    for name in ("b.eml", "a/2.eml", "a/1.eml", "c/deep/x", ".hidden", ".git/y"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(mail(name))
    (tmp_path / "d-loop").symlink_to(tmp_path)
    assert found(tmp_path) == [(f"{tmp_path}/{name}", name) for name in ("a/1.eml", "a/2.eml", "b.eml", "c/deep/x")]


def test_paths_are_read_in_the_order_given(tmp_path: Path) -> None:
    """Also when one is named twice."""
    one, two = tmp_path / "1", tmp_path / "2"
    one.write_bytes(mail("one"))
    two.write_bytes(mail("two"))
    assert [subject for _, subject in found(two, one, two)] == ["two", "one", "two"]


def test_a_maildir_gives_its_mails_and_those_of_its_folders(tmp_path: Path) -> None:
    """Read and unread together in the order they came; not what is being delivered, nor the server's own files."""
    box = mailbox.Maildir(tmp_path / "Mail")
    box.add_folder("Sent")
    names = {"new/2.M2.host": "two", "cur/1.M1.host:2,S": "one", "cur/3.M3.host:2,": "three", "tmp/4": "four"}
    for name, subject in {**names, ".Sent/cur/5.M5.host:2,S": "five", "dovecot-uidlist": "x"}.items():
        (tmp_path / "Mail" / name).write_bytes(mail(subject))
    assert [subject for _, subject in found(tmp_path / "Mail")] == ["one", "two", "three", "five"]
    assert found(tmp_path)[0][0] == f"{tmp_path}/Mail/cur/1.M1.host:2,S"


def test_an_mbox_file_as_the_standard_library_writes_it(tmp_path: Path) -> None:
    """Quoted From lines come back as they were, and each mail is whole."""
    box = mailbox.mbox(tmp_path / "box")
    for number in range(3):
        message = EmailMessage()
        message["From"], message["Subject"] = "a@b.test", f"number {number}"
        message.set_content("Dear Ana,\n\nFrom our side it is a no.\n\nJane\n")
        box.add(message)
    box.close()
    assert found(tmp_path / "box") == [(str(tmp_path / "box"), f"number {number}") for number in range(3)]
    for each in mails([tmp_path / "box"]):
        assert b"\n\nFrom our side it is a no.\n\nJane\n" in each.raw


@pytest.mark.parametrize(
    "postmark", [b"From - Mon Jun  1 09:00:00 2026", b"From a@b.test Mon Jun 1 09:00:00 +0200 2026"]
)
def test_an_mbox_file_as_mail_programs_write_it(tmp_path: Path, postmark: bytes) -> None:
    """Thunderbird's and Gmail's postmarks, CRLF line ends, and text that only looks like a postmark."""
    letter = mail("x", "We met\nFrom 10:30 to 11:00.\n\nFrom what we saw, it is a no.\n")
    content = b"".join(postmark + b"\n" + letter + b"\n" for _ in range(2)).replace(b"\n", b"\r\n")
    (tmp_path / "box").write_bytes(content)
    read = [each.raw for each in mails([tmp_path / "box"])]
    assert len(read) == 2
    assert all(b"From what we saw, it is a no." in each for each in read)


def test_what_cannot_be_read_is_told_and_the_rest_is_read(tmp_path: Path) -> None:
    """A missing path, a link to nowhere, a socket's cousin: each an error of its own."""
    (tmp_path / "a").symlink_to(tmp_path / "nowhere")
    (tmp_path / "b").write_bytes(mail("fine"))
    none = tmp_path / "none"
    error = "this file cannot be read: No such file or directory"
    assert found(none, tmp_path) == [(str(none), error), (f"{tmp_path}/a", error), (f"{tmp_path}/b", "fine")]


def test_a_file_that_fails_while_it_is_read_is_told() -> None:
    """By its reason: nothing is mapped at the beginning of a process's memory."""
    assert found(Path("/proc/self/mem")) == [("/proc/self/mem", "this file cannot be read: Input/output error")]


def test_file_names_may_be_any_bytes(tmp_path: Path) -> None:
    """As Unix has it."""
    name = os.fsdecode(b"caf\xe9.eml")
    (tmp_path / name).write_bytes(mail("coffee"))
    assert found(tmp_path) == [(f"{tmp_path}/{name}", "coffee")]


def test_memory_is_bounded_whatever_the_file(tmp_path: Path) -> None:
    """Three mails of three times the limit each, one of them without a line break, take the room of one."""
    box = tmp_path / "box"
    with box.open("wb") as file:
        for filler in (b"word " * 20 + b"\n", b"x" * 101, b"word " * 20 + b"\n"):
            file.write(b"From a Mon Jun  1 09:00:00 2026\n" + mail("big"))
            for _ in range(3 * MESSAGE_LIMIT // 101):
                file.write(filler)
            file.write(b"\n\n")
    tracemalloc.start()
    sizes = [len(each.raw) for each in mails([box])]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(sizes) == 3
    assert max(sizes) <= MESSAGE_LIMIT + 64 * 1024
    assert peak < 4 * MESSAGE_LIMIT
