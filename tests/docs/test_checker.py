"""The docs test itself: it accepts a right page and sees each planted fault, on its line."""

from pathlib import Path

import pytest

from tests.docs.blocks import blocks
from tests.docs.compare import difference
from tests.docs.links import dead_links
from tests.docs.pages import Session, problems

RULESET = """\
```health file=tiny.health
ruleset tiny
  language    1

signal logins   count

measure logins ladder
  below 5     -> 0
  otherwise   -> 100

score health average
  1 logins

test "five logins are enough"
  given logins 5
  expect health is 100
```
"""
CONTEXT = """\
ruleset tiny
  language    1

signal logins   count
"""
TRANSCRIPT = """\
```console
$ cat note.txt
one
two
```
"""
NOTE = """\
```text file=note.txt
one
two
```
"""


def found(page: str, folder: Path) -> list[str]:
    contexts = folder / "contexts"
    contexts.mkdir()
    (contexts / "tiny.health").write_text(CONTEXT, "utf-8")
    return problems(page, Session(folder, contexts))


def part(text: str) -> str:
    return f"<!-- context: tiny -->\n```health part\n{text}```\n"


FRAGMENT = "measure logins ladder\n  below 5     -> 0\n  otherwise   -> 100\n"
RIGHT = {
    "ruleset": RULESET,
    "fragment": part(FRAGMENT),
    "going on": part('  column  "Logins"\n'),
    "expected error": part(FRAGMENT.replace("below", "bellow")).replace("part", "part error=E113"),
    "transcript": NOTE + TRANSCRIPT,
    "elided lines": NOTE + TRANSCRIPT.replace("one\ntwo", "..."),
    "elided text": NOTE + TRANSCRIPT.replace("two", "t...o"),
    "healthdsl": RULESET + "```console\n$ healthdsl check tiny.health\n...\n```\n",
    "change": RULESET + "```diff file=tiny.health\n-  below 5     -> 0\n+  below 9     -> 0\n```\n",
    "session": "```python\n>>> a = 1\n```\n```python\n>>> a + 1\n2\n```\n",
    "printed": "```python\nprint(1 + 1)\n```\n```text output\n2\n```\n",
    "make": "```sh\nmake demo\n```\n```console\n$ make test\n...\n```\n",
    "inline fence": "Write `a` or ``` `b` ``` in a line.\n",
}
WRONG = {
    "wrong output": (
        NOTE + TRANSCRIPT.replace("two", "three"),
        "line 6: `cat note.txt` prints",
    ),
    "line left out": (NOTE + TRANSCRIPT.replace("one\n", ""), "line 6: `cat note.txt` prints"),
    "exit code": ("```console\n$ healthdsl check absent.health\n...\n```\n", "ends in exit code"),
    "broken ruleset": (RULESET.replace("otherwise", "otherwize"), "line 1: does not compile"),
    "failed test": (RULESET.replace("is 100", "is 99"), "line 1: its test fails"),
    "layout": (RULESET.replace("below 5     ->", "below 5 ->"), "line 1: the formatter writes it otherwise"),
    "broken fragment": (part(FRAGMENT.replace("below", "bellow")), "line 2: does not compile"),
    "fragment alone": (f"```health part\n{FRAGMENT}```\n", "line 1: a fragment needs"),
    "no error": (part(FRAGMENT).replace("part", "part error=E203"), "line 2: gives no message, not E203"),
    "change of nothing": (RULESET + "```diff file=tiny.health\n-  below 6\n```\n", "stand 0 times"),
    "wrong value": ("```python\n>>> 1 + 1\n3\n```\n", "line 1: "),
    "wrong print": ("```python\nprint(1)\n```\n```text output\n2\n```\n", "line 4: the Python block above"),
    "no such target": ("```sh\nmake tea\n```\n", "line 2: the Makefile has no target `tea`"),
    "other command": ("```console\n$ rm note.txt\n```\n", "found `rm`"),
    "unknown kind": ("```ruby\n1\n```\n", "line 1: `ruby` is no kind of block"),
    "never closed": ("text\n\n```python\n1\n", "line 3: this block is never closed"),
}


@pytest.mark.parametrize("page", RIGHT.values(), ids=RIGHT.keys())
def test_a_right_page_has_no_problem(page: str, tmp_path: Path) -> None:
    assert found(page, tmp_path) == []


@pytest.mark.parametrize(("page", "problem"), WRONG.values(), ids=WRONG.keys())
def test_a_planted_fault_is_seen(page: str, problem: str, tmp_path: Path) -> None:
    (only,) = found(page, tmp_path)
    assert problem in only


def test_every_fault_is_reported(tmp_path: Path) -> None:
    page = TRANSCRIPT.replace("cat", "rm") + "```python\n>>> 1\n2\n```\n"
    assert [problem.split(":")[0] for problem in found(page, tmp_path)] == ["line 1", "line 6"]


@pytest.mark.parametrize("shown", ["a\nb", "a\n...\nb", "...", "a\n...", "a  \nb\n\n", "...b"])
def test_output_agrees(shown: str) -> None:
    assert difference(shown, "a\nb\n" if shown != "...b" else "aab\n") is None


@pytest.mark.parametrize("shown", ["a", "b\na", "a\n...\nc", "", "a b"])
def test_output_differs(shown: str) -> None:
    assert difference(shown, "a\nb\n") is not None


def test_longer_fences_hold_shorter_ones() -> None:
    (block,) = blocks("````text\n```\n````\n")
    assert block.text == "```\n"


def test_a_dead_link_is_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    (tmp_path / "other.md").write_text("# A heading, here\n", "utf-8")
    page.write_text(
        "# Top\n[a](other.md) [b](other.md#a-heading-here) [c](#top) `[d](code.md)` [e](https://example.org)\n"
        "```text\n[f](block.md)\n```\n[g](none.md) [h](other.md#none) [i](#none)\n",
        "utf-8",
    )
    assert dead_links(page) == ["none.md", "other.md#none", "#none"]
