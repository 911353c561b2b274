"""What an import finds: every message byte for byte, in the same order each time, and why the rest is none."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pecdesk.intake import Found, Unreadable, count, find_messages
from pecdesk.intake import sources as sources_module

MAIL = b"From: a@example.it\r\nTo: b@example.it\r\nSubject: one\r\n\r\nfirst line\r\n"
OTHER = b"Return-Path: <c@example.it>\nReceived: by x\n\tand y\nFrom: c@example.it\n\nsecond\n"
DATED = b"From a@example.it Tue Nov 13 16:39:26 2018\n"
MBOX = DATED + MAIL + b"\n" + DATED + OTHER + b"\n"

posix = pytest.mark.skipif(sys.platform == "win32", reason="a POSIX matter")


def write(path: Path, content: bytes = MAIL) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def find(*paths: Path) -> list[Found]:
    found = list(find_messages(paths))
    assert all((item.raw is None) != (item.reason is None) for item in found)
    return found


def names(root: Path, found: list[Found]) -> list[str]:
    return [item.path.relative_to(root).as_posix() for item in found]


def reasons(found: list[Found]) -> dict[str, Unreadable]:
    return {item.path.name: item.reason for item in found if item.reason is not None}


def maildir(root: Path, **messages: bytes) -> Path:
    for name in ("cur", "new", "tmp"):
        (root / name).mkdir(parents=True, exist_ok=True)
    for name, raw in messages.items():
        write(root / "cur" / name.replace("_", ":"), raw)
    return root


def test_a_named_message_is_found_byte_for_byte(tmp_path: Path) -> None:
    path = write(tmp_path / "ricevuta.eml", b"anything \x00\xff at all")
    assert find(path) == [Found(path, str(path), tmp_path.name, raw=b"anything \x00\xff at all")]


@pytest.mark.parametrize("name", ["mail", "mail.txt", "mail.EML", "1542123.M1P2.host:2,S"])
def test_a_named_file_that_begins_like_mail_is_a_message_whatever_its_name(tmp_path: Path, name: str) -> None:
    assert [item.raw for item in find(write(tmp_path / name))] == [MAIL]


@pytest.mark.parametrize(
    "start",
    [OTHER, b"\xef\xbb\xbf" + MAIL, b"Message-ID: <x>\nDate: y\n\n", b"From: a\nTo: b", MAIL + b"\x00" * 9000],
)
def test_two_usual_header_fields_make_a_mail(tmp_path: Path, start: bytes) -> None:
    assert [item.raw for item in find(write(tmp_path / "mail", start))] == [start]


@pytest.mark.parametrize(
    "start",
    [
        b"just text\n",
        b"Name: pecdesk\nVersion: 1\n\n",
        b"HTTP/1.1 200 OK\nDate: x\nContent-Type: text/html\n\n",
        b"Date: x\nContent-Type: text/html\n\n",
        b"From: a\n\nTo: b\n",
        b"From: a\nnot a field\nTo: b\n",
        b" From: a\nTo: b\n",
        b"\x00" * 5000,
        b"x" * 5000,
    ],
)
def test_a_named_file_that_is_no_mail_is_said_to_be_none(tmp_path: Path, start: bytes) -> None:
    assert reasons(find(write(tmp_path / "file", start))) == {"file": Unreadable.NOT_MAIL}


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.eml", b"", Unreadable.EMPTY),
        ("file", b"", Unreadable.EMPTY),
        ("a.msg", b"\xd0\xcf\x11\xe0", Unreadable.OUTLOOK_FORMAT),
        ("A.MSG", MAIL, Unreadable.OUTLOOK_FORMAT),
        ("archive.pst", b"!BDN", Unreadable.OUTLOOK_FORMAT),
        ("1.emlx", b"12\n" + MAIL, Unreadable.FOREIGN_FORMAT),
        ("page.mhtml", MAIL, Unreadable.NOT_MAIL),
        ("Posta.ZIP", b"PK\x03\x04", Unreadable.COMPRESSED),
        ("Inbox.msf", b"// <!-- <mdb:mork:z v=1.4/> -->", Unreadable.NOT_MAIL),
        (".hidden", b"x", Unreadable.NOT_MAIL),
    ],
)
def test_a_named_file_that_gives_no_message_is_never_passed_over(
    tmp_path: Path, name: str, content: bytes, reason: Unreadable
) -> None:
    assert reasons(find(write(tmp_path / name, content))) == {name: reason}


def test_every_reason_has_a_sentence() -> None:
    assert all(reason.sentence.endswith(".") for reason in Unreadable)
    assert len({reason.sentence for reason in Unreadable}) == len(Unreadable)


def test_what_does_not_exist_is_said_and_the_rest_still_found(tmp_path: Path) -> None:
    path = write(tmp_path / "a.eml")
    found = find(tmp_path / "nowhere.eml", path)
    assert [item.reason for item in found] == [Unreadable.MISSING, None]


def test_an_empty_folder_and_one_without_mail_are_said_to_hold_none(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    write(tmp_path / "pictures" / "below" / "a.jpg", b"\xff\xd8\xff")
    found = find(tmp_path / "empty", tmp_path / "pictures")
    assert reasons(found) == {"empty": Unreadable.NO_MAIL, "pictures": Unreadable.NO_MAIL}


def test_folders_are_walked_by_name_to_the_last_corner(tmp_path: Path) -> None:
    for name in ("b.eml", "a/2.eml", "a/10.eml", "a/c/x.eml", "z", "Z.eml"):
        write(tmp_path / "mail" / name)
    found = find(tmp_path / "mail")
    assert names(tmp_path / "mail", found) == ["Z.eml", "a/10.eml", "a/2.eml", "a/c/x.eml", "b.eml", "z"]
    assert [item.folder for item in found] == ["mail", "mail/a", "mail/a", "mail/a/c", "mail", "mail"]
    assert find(tmp_path / "mail") == found


def test_a_very_deep_tree_is_walked(tmp_path: Path) -> None:
    deep = tmp_path
    try:
        for _ in range(1200):
            (deep / "d").mkdir()
            deep /= "d"
        write(deep / "a.eml")
        assert [item.raw for item in find(tmp_path)] == [MAIL]
    except OSError:
        pytest.skip("the file system does not take such a long path")
    finally:
        (deep / "a.eml").unlink(missing_ok=True)
        while deep != tmp_path:
            deep.rmdir()
            deep = deep.parent


def test_hidden_and_irrelevant_files_inside_folders_are_passed_over_in_silence(tmp_path: Path) -> None:
    write(tmp_path / "a.eml")
    for name in (".hidden.eml", ".git/x.eml", "Inbox.msf", "places.sqlite", "dovecot-uidlist", "empty", "page.mht"):
        write(tmp_path / name, b"" if name == "empty" else b"x\n")
    (tmp_path / "lock").symlink_to("127.0.1.1:+1234")
    assert names(tmp_path, find(tmp_path)) == ["a.eml"]


def test_lost_messages_inside_folders_are_said(tmp_path: Path) -> None:
    write(tmp_path / "empty.eml", b"")
    write(tmp_path / "below" / "x.msg", b"x")
    write(tmp_path / "ok.eml")
    (tmp_path / "gone.eml").symlink_to(tmp_path / "nowhere")
    assert reasons(find(tmp_path)) == {
        "x.msg": Unreadable.OUTLOOK_FORMAT,
        "empty.eml": Unreadable.EMPTY,
        "gone.eml": Unreadable.MISSING,
    }


@posix
def test_loops_of_links_end_and_no_folder_is_read_twice(tmp_path: Path) -> None:
    write(tmp_path / "mail" / "a.eml")
    (tmp_path / "mail" / "again").symlink_to(tmp_path / "mail", target_is_directory=True)
    (tmp_path / "mail" / "self").symlink_to("self")
    (tmp_path / "mail" / "self.eml").symlink_to("self.eml")
    write(tmp_path / "elsewhere" / "b.eml")
    for name in ("one", "two"):
        (tmp_path / "mail" / name).symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    found = find(tmp_path / "mail")
    assert names(tmp_path / "mail", found) == ["a.eml", "one/b.eml", "self.eml"]
    assert found[2].reason is Unreadable.REFUSED
    assert found[2].detail


@posix
def test_a_pipe_or_device_is_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.eml")
    os.mkfifo(tmp_path / "pipe")
    write(tmp_path / "a.eml")
    assert reasons(find(tmp_path)) == {"pipe.eml": Unreadable.NOT_A_FILE}
    assert reasons(find(tmp_path / "pipe", Path(os.devnull))) == {
        "pipe": Unreadable.NOT_A_FILE,
        "null": Unreadable.NOT_A_FILE,
    }


def test_a_file_or_folder_that_cannot_be_read_does_not_hide_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.eml", "b.eml", "c/x.eml", "d.txt", "e.eml"):
        write(tmp_path / "mail" / name)
    open_file, scan = Path.open, os.scandir

    def refuse(path: Path) -> None:
        if path.name in ("b.eml", "c", "d.txt"):
            raise PermissionError(13, "Permission denied")

    def open_unless_refused(path: Path, mode: str, buffering: int) -> object:
        refuse(path)
        return open_file(path, mode, buffering)

    def scan_unless_refused(path: Path) -> object:
        refuse(path)
        return scan(path)

    monkeypatch.setattr(Path, "open", open_unless_refused)
    monkeypatch.setattr(os, "scandir", scan_unless_refused)
    found = find(tmp_path / "mail")
    assert [(item.path.name, item.reason, item.detail) for item in found] == [
        ("a.eml", None, ""),
        ("b.eml", Unreadable.REFUSED, "Permission denied"),
        ("c", Unreadable.REFUSED, "Permission denied"),
        ("d.txt", Unreadable.REFUSED, "Permission denied"),
        ("e.eml", None, ""),
    ]
    (named,) = find(tmp_path / "mail" / "d.txt")
    assert named.reason is Unreadable.REFUSED


def test_a_message_over_the_limit_is_said_and_not_read(tmp_path: Path) -> None:
    with write(tmp_path / "zeros.eml").open("r+b") as file:
        file.truncate(1 << 40)
    write(tmp_path / "ok.eml")
    assert reasons(find(tmp_path)) == {"zeros.eml": Unreadable.TOO_LARGE}


def test_the_limit_counts_each_message_of_an_mbox_for_itself(tmp_path: Path) -> None:
    small, large = MAIL, MAIL + b"x" * 500 + b"\n"
    path = write(tmp_path / "Inbox", b"".join(DATED + mail + b"\n" for mail in (small, large, small)))
    found = list(find_messages([path], size_limit=400))
    assert [item.raw for item in found] == [small, None, small]
    assert [item.reason for item in found] == [None, Unreadable.TOO_LARGE, None]


def test_a_maildir_is_read_with_its_flags_and_without_unfinished_deliveries(tmp_path: Path) -> None:
    root = maildir(tmp_path / "Maildir")
    write(root / "cur" / "2:2,RS", b"no header needed")
    write(root / "cur" / "1:2,", MAIL)
    write(root / "new" / "3", OTHER)
    write(root / "tmp" / "4", MAIL)
    write(root / "dovecot-uidlist", b"3 V1 N5\n")
    found = find(root)
    assert names(root, found) == ["cur/1:2,", "cur/2:2,RS", "new/3"]
    assert [item.flags for item in found] == ["", "RS", None]
    assert {item.folder for item in found} == {"Maildir"}


def test_folders_of_a_maildir_are_found_though_their_names_are_hidden(tmp_path: Path) -> None:
    root = maildir(tmp_path / "Maildir", **{"1_2,S": MAIL})
    maildir(root / ".INBOX.Sent", **{"2_2,S": MAIL})
    maildir(root / "Archivio", **{"3_2,S": MAIL})
    write(root / ".cache" / "x.eml")
    assert [(item.folder, item.in_sent_folder) for item in find(root)] == [
        ("Maildir/INBOX/Sent", True),
        ("Maildir/Archivio", False),
        ("Maildir", False),
    ]


def test_the_inside_of_a_maildir_can_be_named(tmp_path: Path) -> None:
    root = maildir(tmp_path / "Maildir", **{"1_2,F": b"no header needed"})
    for named in (root / "cur", root / "cur" / "1:2,F"):
        assert [(item.raw, item.flags, item.folder) for item in find(named)] == [(b"no header needed", "F", "Maildir")]


def test_an_mbox_is_told_by_its_content_whatever_its_name(tmp_path: Path) -> None:
    for name in ("Inbox", "old.mbox", "export.txt", "one.eml"):
        path = write(tmp_path / name, MBOX)
        found = find(path)
        assert [item.raw for item in found] == [MAIL, OTHER]
        assert [item.label for item in found] == [f"{path}#1", f"{path}#2"]


def test_a_file_called_mbox_that_holds_one_message_is_that_message(tmp_path: Path) -> None:
    assert [item.raw for item in find(write(tmp_path / "x.mbox", MAIL))] == [MAIL]


def test_the_folders_of_thunderbird_have_the_names_thunderbird_shows(tmp_path: Path) -> None:
    root = tmp_path / "Local Folders"
    for name in ("Inbox", "Inbox.sbd/Clienti", "Inbox.sbd/Clienti.sbd/Rossi", "Sent", "x.mbox"):
        write(root / name, MBOX)
    write(root / "Inbox.msf", b"// <!-- <mdb:mork:z -->")
    write(root / "Trash", b"")
    folders = {item.folder: item.in_sent_folder for item in find(root)}
    assert folders == {
        "Local Folders/Inbox": False,
        "Local Folders/Inbox/Clienti": False,
        "Local Folders/Inbox/Clienti/Rossi": False,
        "Local Folders/Sent": True,
        "Local Folders/x": False,
    }


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        ("x/Sent Items", True),
        ("x/sent messages", True),
        ("x/Posta inviata", True),
        ("Inviati", True),
        ("[Gmail]/Posta inviata", True),
        ("x/Inviata/2019", False),
        ("x/Presentati", False),
        ("x/Assent", False),
        ("", False),
    ],
)
def test_a_folder_of_sent_mail_is_told_by_its_last_name(tmp_path: Path, folder: str, expected: bool) -> None:
    assert Found(tmp_path, "", folder).in_sent_folder is expected


def test_quoted_lines_of_an_mbox_stay_and_are_offered_unquoted(tmp_path: Path) -> None:
    quoted = MAIL + b"\n>From here on\n>>From there\n"
    (plain, item) = find(write(tmp_path / "Inbox", DATED + MAIL + b"\n" + DATED + quoted + b"\n"))
    assert plain.unquoted is None
    assert item.raw == quoted
    assert item.unquoted == MAIL + b"\nFrom here on\n>From there\n"


def test_an_eml_file_is_never_unquoted(tmp_path: Path) -> None:
    (item,) = find(write(tmp_path / "a.eml", MAIL + b"\n>From here on\n"))
    assert item.unquoted is None


def test_an_empty_message_of_an_mbox_is_said_and_does_not_hide_the_next(tmp_path: Path) -> None:
    found = find(write(tmp_path / "Inbox", DATED + b"\n" + DATED + MAIL))
    assert [(item.label[-2:], item.reason) for item in found] == [("#1", Unreadable.EMPTY), ("#2", None)]


def test_a_file_name_that_is_no_text_gets_a_label_that_can_be_written(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/dir\xff/a\xe8.eml"))
    try:
        write(path)
    except OSError:
        pytest.skip("the file system takes no such name")
    (item,) = find(tmp_path)
    assert item.raw == MAIL
    assert (item.label + item.folder).encode()


def test_the_count_is_what_will_be_found(tmp_path: Path) -> None:
    write(tmp_path / "mail" / "a.eml")
    write(tmp_path / "mail" / "b.eml", b"")
    write(tmp_path / "mail" / "x.msg", b"")
    write(tmp_path / "mail" / "y.txt", b"nothing")
    write(tmp_path / "mail" / "Inbox", MBOX * 3)
    maildir(tmp_path / "mail" / "Maildir", **{"1_2,S": MAIL})
    paths = [tmp_path / "mail", tmp_path / "nowhere", write(tmp_path / "z.eml")]
    assert count(paths) == len(find(*paths)) == 12


def test_counting_opens_no_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "a.eml")
    maildir(tmp_path / "Maildir", **{"1_2,S": MAIL})

    def fail(*_: object) -> object:
        raise AssertionError

    monkeypatch.setattr(Path, "open", fail)
    assert count([tmp_path]) == 2


def test_only_one_message_is_read_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    open_file = Path.open

    def record(path: Path, mode: str, buffering: int) -> object:
        opened.append(path.name)
        return open_file(path, mode, buffering)

    for name in ("a.eml", "b.eml", "c.eml"):
        write(tmp_path / name)
    monkeypatch.setattr(Path, "open", record)
    found = find_messages([tmp_path])
    next(found)
    assert opened == ["a.eml"]


MEASURE = """
import resource, sys
from pathlib import Path
from pecdesk.intake import find_messages
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
before = peak()
number = sum(1 for _ in find_messages([Path(sys.argv[1])]))
print(number, peak() - before)
"""


@posix
def test_a_large_mbox_is_read_in_the_memory_of_its_largest_message(tmp_path: Path) -> None:
    one = DATED + b"From: a@example.it\nSubject: x\n\n" + (b"y" * 75 + b"\n") * 13_000 + b"\n"
    with (tmp_path / "Inbox").open("wb") as file:
        for _ in range(80):
            file.write(one)
    command = [sys.executable, "-c", MEASURE, str(tmp_path / "Inbox")]
    answer = subprocess.run(command, capture_output=True, check=True, text=True).stdout.split()
    number, growth = int(answer[0]), int(answer[1]) * (1 if sys.platform == "darwin" else 1024)
    assert number == 80
    assert growth < 16 * len(one)


def test_the_limit_is_that_of_the_examination() -> None:
    assert sources_module.MAX_BYTES == 150 * 1024 * 1024
    assert "150 MiB" in Unreadable.TOO_LARGE.sentence
