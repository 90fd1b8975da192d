"""The committed pages of docs/diagnostics/ are those the catalogue gives; their examples do what they say."""

import pytest

from healthdsl.diagnostics.catalogue import CATALOGUE
from healthdsl.diagnostics.entry import Entry
from tests.docs.diagnostics import (
    FOLDER,
    GROUPS,
    SEEN,
    bad,
    compiled,
    fenced,
    found,
    pages,
    stray_pages,
    visible,
)

ENTRIES = sorted(CATALOGUE.values(), key=lambda entry: entry.code)


def codes(entry: Entry, text: str | bytes) -> set[str]:
    return {problem.code for problem in found(entry, compiled(text))}


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.code)
def test_bad_gives_its_code_and_good_gives_none(entry: Entry) -> None:
    if entry.code not in SEEN:
        assert codes(entry, bad(entry)) == {entry.code}
    assert codes(entry, entry.good) == set()


def test_pages_are_those_of_the_catalogue() -> None:
    differ = [
        name
        for name, text in pages().items()
        if not (FOLDER / name).is_file() or (FOLDER / name).read_text("utf-8") != text
    ]
    assert differ == [], "run `make docs`"
    assert stray_pages() == []


def test_every_code_has_its_place_in_the_index() -> None:
    assert [entry.code for entry in ENTRIES if not entry.code.startswith(tuple(GROUPS))] == []


def test_long_examples_are_cut() -> None:
    block = list(fenced("health", "a\n" * 1_000 + "b" * 1_000 + "\n"))
    assert len(block) < 70
    assert "..." in block
    assert block[-2] == "b" * 110 + " ..."


def test_hidden_characters_are_named() -> None:
    assert visible("a\tb\u202e c\x08\u00a0é\n") == "a\tb<U+202E> c<U+0008><U+00A0>é\n"
