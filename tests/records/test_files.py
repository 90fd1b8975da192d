"""Files that cannot be opened, and outputs that are written whole or not at all."""

import os
import stat
from pathlib import Path

import pytest

from healthdsl.records.errors import FileError
from healthdsl.records.input_file import read_input
from healthdsl.records.whole_file import whole_file, write_whole


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def write_half(path: Path) -> None:
    with whole_file(str(path)) as stream:
        stream.write("half of it")
        raise KeyError


def write_late(path: Path) -> None:
    with whole_file(str(path), replace=False) as stream:
        stream.write("mine")
        path.write_text("yours")  # between the first look and the end


def test_a_missing_file_names_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "accounts.csv").write_text("x")
    with pytest.raises(
        FileError, match=r"acounts\.csv: there is no such file \(did you mean `accounts\.csv`"
    ):
        read_input(str(tmp_path / "acounts.csv"), 10)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("", "this is a folder"),
        ("no/such.csv", "there is no folder"),
        ("a\0b", "this is no file name"),
        ("x" * 300, "this file name is too long"),
    ],
)
def test_what_cannot_be_opened(tmp_path: Path, path: str, said: str) -> None:
    with pytest.raises(FileError, match=said):
        read_input(f"{tmp_path}/{path}", 10)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x")
    (tmp_path / "a").chmod(0)
    with pytest.raises(FileError, match="no permission"):
        read_input(str(tmp_path / "a"), 10)


def test_a_new_file_has_usual_permissions_and_no_leftovers(tmp_path: Path) -> None:
    write_whole(str(tmp_path / "out.csv"), "é\r\n")
    (tmp_path / "plain").write_text("x")
    assert (tmp_path / "out.csv").read_bytes() == "é\r\n".encode()
    assert (tmp_path / "out.csv").stat().st_mode == (tmp_path / "plain").stat().st_mode
    assert names(tmp_path) == ["out.csv", "plain"]


def test_permissions_of_an_old_file_are_kept(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.write_text("old")
    out.chmod(0o640)
    write_whole(str(out), "new")
    assert out.read_text() == "new"
    assert stat.S_IMODE(out.stat().st_mode) == 0o640


def test_whoever_reads_the_old_file_reads_all_of_it(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.write_text("old")
    with out.open() as reader:
        write_whole(str(out), "new")
        assert reader.read() == "old"


def test_a_failure_half_way_leaves_the_old_file(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.write_text("old")
    with pytest.raises(KeyError):
        write_half(out)
    assert out.read_text() == "old"
    assert names(tmp_path) == ["out"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "file").write_text("old")
    (tmp_path / "link").symlink_to("real/file")
    write_whole(str(tmp_path / "link"), "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / "file").read_text() == "new"


def test_without_replace_a_file_is_never_touched(tmp_path: Path) -> None:
    out = str(tmp_path / "out")
    write_whole(out, "first", replace=False)
    with pytest.raises(FileError, match="already"):
        write_whole(out, "second", replace=False)
    with pytest.raises(FileError, match="already"):
        write_late(tmp_path / "late")
    assert Path(out).read_text() == "first"
    assert (tmp_path / "late").read_text() == "yours"
    assert names(tmp_path) == ["late", "out"]


def test_a_device_is_written_to() -> None:
    write_whole("/dev/null", "x")
    assert Path("/dev/null").is_char_device()


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("", "this is a folder"),
        ("no/out", "there is no folder"),
        ("a\0b", "no file name"),
        ("x" * 300, "cannot be written"),
    ],
)
def test_what_cannot_be_written(tmp_path: Path, path: str, said: str) -> None:
    with pytest.raises(FileError, match=said):
        write_whole(f"{tmp_path}/{path}", "x")
    assert names(tmp_path) == []
