"""The folder of pages: whole or not at all, ours replaced, others' never touched."""

import json
from pathlib import Path

import pytest

from healthdsl.batch.summary_folder import MARKER, page_folder
from healthdsl.records.errors import FileError


def names_in(path):
    return sorted(each.name for each in path.iterdir())


def write(path, pages):
    with page_folder(path) as folder:
        for name, text in pages.items():
            folder.add(name, text)
        folder.put()


def pages_in(path):
    return {each.name: each.read_text("utf-8") for each in path.iterdir() if each.name != MARKER}


def test_pages_are_written_and_an_older_folder_of_ours_is_replaced(tmp_path):
    path = tmp_path / "book"
    write(path, {"a.html": "one", "b.html": "two"})
    write(path, {"a.html": "three"})
    assert pages_in(path) == {"a.html": "three"}
    assert names_in(tmp_path) == ["book"]


class Stopped(BaseException):
    """As an interrupt is."""


def run_stopped(path, after):
    with page_folder(path) as folder:
        folder.add("a.html", "new")
        if after == "put":
            folder.put()
            assert pages_in(path) == {"a.html": "new"}
        raise Stopped


@pytest.mark.parametrize("after", ["add", "put"])
def test_a_run_that_ends_badly_leaves_everything_as_it_was(tmp_path, after):
    path = tmp_path / "book"
    write(path, {"a.html": "old"})
    with pytest.raises(Stopped):
        run_stopped(path, after)
    assert pages_in(path) == {"a.html": "old"}
    assert names_in(tmp_path) == ["book"]


@pytest.mark.parametrize("after", ["add", "put"])
def test_a_first_run_that_ends_badly_leaves_nothing(tmp_path, after):
    with pytest.raises(Stopped):
        run_stopped(tmp_path / "book", after)
    assert names_in(tmp_path) == []


@pytest.mark.parametrize("done", [False, True])
@pytest.mark.parametrize("at", [1, 2])
def test_an_interrupt_around_any_rename_leaves_everything_as_it_was(tmp_path, monkeypatch, at, done):
    path = tmp_path / "book"
    write(path, {"a.html": "old"})
    rename, calls = Path.rename, []

    def stops(self, target):
        calls.append(target)
        if at != len(calls) or done:
            moved = rename(self, target)
        if at == len(calls):
            raise Stopped
        return moved

    monkeypatch.setattr(Path, "rename", stops)
    with pytest.raises(Stopped):
        write(path, {"a.html": "new"})
    assert pages_in(path) == {"a.html": "old"}
    assert names_in(tmp_path) == ["book"]


def test_a_folder_that_cannot_be_made_leaves_the_old_one(tmp_path, monkeypatch):
    path = tmp_path / "book"
    write(path, {"a.html": "old"})

    def refuses(self, *_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refuses)
    with pytest.raises(FileError, match="cannot be written"), page_folder(path):
        raise AssertionError
    assert pages_in(path) == {"a.html": "old"}


def make_foreign(path, kind):
    if kind == "file":
        path.write_text("mine", "utf-8")
    elif kind == "link":
        (path.parent / "elsewhere").mkdir()
        write(path.parent / "elsewhere" / "book", {"a.html": "linked"})
        path.symlink_to(path.parent / "elsewhere" / "book")
    elif kind == "dangling":
        path.symlink_to(path.parent / "nowhere")
    elif kind == "empty":
        path.mkdir()
    elif kind == "folder":
        path.mkdir()
        (path / "thesis.txt").write_text("mine", "utf-8")
    elif kind == "added":
        write(path, {"a.html": "ours"})
        (path / "thesis.txt").write_text("mine", "utf-8")
    elif kind == "inner":
        write(path, {"a.html": "ours"})
        (path / "a.html").unlink()
        (path / "a.html").mkdir()
    else:
        path.mkdir()
        (path / MARKER).write_text(kind, "utf-8")


KINDS = ["file", "link", "dangling", "empty", "folder", "added", "inner"]
FORGED = [
    "",
    "{",
    "[]",
    "null",
    "[" * 100_000,
    json.dumps({"pages": []}),
    json.dumps({"written_by": "healthdsl report"}),
]


@pytest.mark.parametrize("kind", [*KINDS, *FORGED], ids=lambda kind: kind[:20] or "blank")
def test_what_is_not_ours_is_never_touched(tmp_path, kind):
    path = tmp_path / "book"
    make_foreign(path, kind)
    before = sorted((str(each), each.lstat().st_mtime_ns) for each in tmp_path.rglob("*"))
    with pytest.raises(FileError, match="left as it is"), page_folder(path):
        raise AssertionError("the block must not run")
    assert sorted((str(each), each.lstat().st_mtime_ns) for each in tmp_path.rglob("*")) == before


def run_disturbed(path):
    with page_folder(path) as folder:
        folder.add("a.html", "new")
        (path / "thesis.txt").write_text("mine", "utf-8")
        folder.put()


def test_a_file_of_theirs_put_there_meanwhile_is_kept(tmp_path):
    path = tmp_path / "book"
    write(path, {"a.html": "old"})
    with pytest.raises(FileError, match=r"thesis\.txt"):
        run_disturbed(path)
    assert pages_in(path) == {"a.html": "old", "thesis.txt": "mine"}
