"""Every way out of the root that a ruleset, or who can write into the root, could try."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

import healthdsl
from healthdsl.diagnostics.diagnostic import RulesetError
from healthdsl.diagnostics.render import render_diagnostics
from healthdsl.pipeline import compile_source
from healthdsl.sharing.paths import LONGEST, below_root, path_problem
from healthdsl.sharing.roots import root_of

SHARED = "dictionary shared\n  language 1\n\nsignal seats count\n"
SECRET = "dictionary secret\n  language 1\n\nsignal secret count\n"
USING = "ruleset r\n  language 1\n\nuse {}\n\nscore s = 1\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of rulesets with a secret file beside it, which every test tries to reach."""
    (tmp_path / "secret.health").write_text(SECRET, "utf-8")
    inside = tmp_path / "rulesets"
    inside.mkdir()
    (inside / "shared.health").write_text(SHARED, "utf-8")
    return inside


def use(folder: Path, path: str, root: Path | None = None) -> list[str]:
    """The codes of what is wrong with a ruleset in `folder` that uses `path`."""
    file = folder / "r.health"
    quoted = path.replace('"', '""')
    file.write_text(USING.replace("{}", f'"{quoted}"'), "utf-8")
    compilation = compile_source(file.read_bytes(), str(file), root_of(file, root))
    assert "secret count" not in render_diagnostics(compilation.source, compilation.diagnostics)
    return [one.code for one in compilation.diagnostics]


def test_a_file_in_the_folder_is_used(folder: Path) -> None:
    assert use(folder, "shared.health") == []
    assert use(folder, "../rulesets/shared.health") == ["E602"]  # out of the root and in again
    assert use(folder, "../rulesets/shared.health", folder.parent) == []
    assert use(folder, "../secret.health", folder.parent) == []


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("../secret.health", "E602"),
        ("a/../../secret.health", "E602"),
        ("./../secret.health", "E602"),
        ("..//secret.health", "E602"),
        ("../../../../../../../../etc/passwd", "E602"),
        ("/etc/passwd", "E602"),
        ("//etc/secret.health", "E602"),
        ("~/secret.health", "E602"),
        ("..\\secret.health", "E602"),
        ("C:secret.health", "E602"),
        ("c:/secret.health", "E602"),
        ("file:///etc/secret.health", "E602"),
        ("https://example.org/signals.health", "E602"),
        ("shared.health\u202e", "E004"),
        ("shared.txt", "E602"),
        ("", "E602"),
        ("   ", "E602"),
        (".health", "E602"),
        ("a/.health", "E602"),
        ("x" * LONGEST + ".health", "E602"),
        ("SHARED.health/../nothing.health", "E603"),
        ("shared.health/more.health", "E603"),
        ("%2e%2e/secret.health", "E603"),
        ("…/secret.health", "E603"),
        (".. /secret.health", "E603"),
        ("$HOME/secret.health", "E603"),
        ("*.health", "E603"),
        ("a" * 190 + ".health", "E603"),
    ],
)
def test_paths_lead_nowhere_else(folder: Path, path: str, code: str) -> None:
    assert use(folder, path) == [code]


def test_paths_are_checked_without_a_file() -> None:
    assert below_root("", "..") is None
    assert below_root("a", "../b.health") == "b.health"
    assert below_root("a", "../../b.health") is None
    assert below_root("a/b", "../c/./d.health") == "a/c/d.health"
    assert path_problem("a\x00.health") is not None
    assert path_problem("a\u2028.health") is None  # a separator; the lexer refuses it
    assert path_problem("größe.health") is None


@pytest.mark.parametrize(
    "link",
    [
        lambda folder: (folder / "x.health").symlink_to(folder.parent / "secret.health"),
        lambda folder: (folder / "x.health").symlink_to("../secret.health"),
        lambda folder: (folder / "x.health").symlink_to("/dev/null"),
        lambda folder: (folder / "x.health").symlink_to("/proc/self/environ"),
        lambda folder: _chain(folder, folder.parent / "secret.health"),
    ],
)
def test_a_link_out_of_the_root_is_refused(folder: Path, link: Callable[[Path], None]) -> None:
    link(folder)
    assert use(folder, "x.health") == ["E604"]


def _chain(folder: Path, target: Path) -> None:
    (folder / "z.health").symlink_to(target)
    (folder / "y.health").symlink_to("z.health")
    (folder / "x.health").symlink_to("y.health")


def test_a_folder_that_is_a_link_out_is_refused(folder: Path) -> None:
    (folder / "up").symlink_to("..")
    assert use(folder, "up/secret.health") == ["E604"]
    (folder / "far").symlink_to(folder.parent)
    assert use(folder, "far/secret.health") == ["E604"]
    assert use(folder, "far/rulesets/shared.health") == []  # it ends inside


def test_a_link_within_the_root_is_followed(folder: Path) -> None:
    (folder / "parts").mkdir()
    (folder / "x.health").symlink_to("shared.health")
    (folder / "parts" / "y.health").symlink_to("../shared.health")
    (folder / "more").symlink_to("parts")
    assert use(folder, "x.health") == []
    assert use(folder, "more/y.health") == []


def test_links_in_a_circle_end(folder: Path) -> None:
    (folder / "x.health").symlink_to("y.health")
    (folder / "y.health").symlink_to("x.health")
    assert use(folder, "x.health") in (["E603"], ["E604"])


def test_a_root_that_is_a_link_is_the_folder_behind_it(folder: Path) -> None:
    (folder.parent / "link").symlink_to(folder)
    assert use(folder.parent / "link", "shared.health") == []
    assert use(folder.parent / "link", "../secret.health") == ["E602"]
    assert use(folder, "shared.health", folder.parent / "link") == []


def test_only_plain_files_are_opened(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "folder.health").mkdir()
    os.mkfifo(folder / "pipe.health")
    monkeypatch.chdir(folder)  # the path of a socket may not be long
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket.health")
        for name in ("folder", "pipe", "socket"):
            assert use(folder, f"{name}.health") == ["E604"]


def test_a_file_swapped_for_a_link_is_not_followed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who can write there puts a link in its place, after it was looked at."""
    real = os.path.realpath
    places = {"file": folder / "shared.health", "folder": folder / "parts"}
    (folder / "parts").mkdir()
    (folder / "parts" / "secret.health").write_text(SHARED, "utf-8")

    def swapping(what: str) -> Callable[..., str]:
        def swap(path: str, **options: bool) -> str:
            found = real(path, **options)
            if str(found).endswith(("shared.health", "parts/secret.health")):
                if what == "file":
                    places[what].unlink()
                    places[what].symlink_to("../secret.health")
                else:
                    places[what].rename(folder / "gone")
                    places[what].symlink_to("..")
            return found

        return swap

    for what, path in (("file", "shared.health"), ("folder", "parts/secret.health")):
        monkeypatch.setattr("os.path.realpath", swapping(what))
        assert use(folder, path) in (["E603"], ["E604"])
        monkeypatch.setattr("os.path.realpath", real)


def test_a_file_that_cannot_be_read_is_told(folder: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root reads everything")
    (folder / "shared.health").chmod(0)
    assert use(folder, "shared.health") == ["E603"]


def test_a_file_that_is_no_text_is_told(folder: Path) -> None:
    (folder / "shared.health").write_bytes(b"\xff\xfe\x00")
    assert use(folder, "shared.health") == ["E002"]
    (folder / "shared.health").write_bytes(b"#" * 3_000_000)
    assert use(folder, "shared.health") == ["E001"]


def test_a_ruleset_outside_of_the_root_is_refused(folder: Path) -> None:
    with pytest.raises(ValueError, match="does not lie in"):
        use(folder, "shared.health", folder / "deeper")
    (folder / "deeper").mkdir()
    with pytest.raises(ValueError, match="does not lie in"):
        use(folder, "shared.health", folder / "deeper")


def test_texts_read_no_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    text = USING.replace("{}", '"shared.health"')
    for files, code in ((None, "E601"), ({}, "E603"), ({"../shared.health": SHARED}, "E603")):
        with pytest.raises(RulesetError) as raised:
            healthdsl.loads(text, files=files)
        assert [one.code for one in raised.value.diagnostics] == [code]
    assert healthdsl.loads(text, files={"shared.health": SHARED.encode()}).name == "r"
    with pytest.raises(TypeError, match="texts by path"):
        healthdsl.loads(text, files={"shared.health": 5})  # type: ignore[dict-item]


def test_no_descriptor_stays_open(folder: Path) -> None:
    before = len([*Path("/proc/self/fd").iterdir()]) if Path("/proc/self/fd").exists() else 0
    os.mkfifo(folder / "pipe.health")
    (folder / "x.health").symlink_to("../secret.health")
    for path in ("shared.health", "pipe.health", "x.health", "nothing.health", "a/b/c.health"):
        use(folder, path)
    if before:
        assert len([*Path("/proc/self/fd").iterdir()]) == before
