"""The text of every dialect is the recorded one, reads back as the same query, its layers in order."""

from __future__ import annotations

import pytest
from sqlglot import exp, parse_one
from sqlglot.dialects.dialect import Dialect

from healthdsl.backends.sql.reserved import RESERVED
from healthdsl.backends.sql.table import TABLE
from healthdsl.backends.sql.text import text_of
from healthdsl.graph.primitives import Primitive
from tests.backends.sql.golden import CASES, DIALECTS, FOLDER, RULESETS, path_of, text

LAYERS = ("given", "cells", "inputs", "signals", "measures", "groups", "scores", "bands", "flags")


def body(sql: str) -> str:
    """The query without its comment."""
    return "".join(line for line in sql.splitlines(keepends=True) if not line.startswith("--"))


@pytest.mark.parametrize(("name", "dialect"), CASES)
def test_the_text_is_the_recorded_one(name: str, dialect: str) -> None:
    recorded = path_of(name, dialect).read_text("utf-8")
    assert text(name, dialect) == recorded, "to record it anew: python -m tests.backends.sql"


def test_every_recorded_text_has_its_case() -> None:
    assert {path.name for path in FOLDER.glob("*.sql")} == {path_of(*case).name for case in CASES}
    assert len(CASES) == 27


@pytest.mark.parametrize(("name", "dialect"), CASES)
def test_the_dialect_reads_its_text_back(name: str, dialect: str) -> None:
    query = body(path_of(name, dialect).read_text("utf-8"))
    read = parse_one(query, dialect=dialect)
    assert isinstance(read, exp.Select)
    assert not list(read.find_all(exp.Command))
    again = text_of(read.copy(), dialect)
    assert parse_one(again, dialect=dialect) == read


@pytest.mark.parametrize(("name", "dialect"), CASES)
def test_layers_stand_in_order(name: str, dialect: str) -> None:
    query = parse_one(body(path_of(name, dialect).read_text("utf-8")), dialect=dialect, into=exp.Select)
    names = [each.alias.lower() for each in query.ctes]
    assert names[0] == "given"
    plain = [each.rstrip("_0123456789") for each in names]
    places = [LAYERS.index(each) for each in plain if each in LAYERS]
    assert places == sorted(places)
    assert {"cells", "inputs", "measures", "scores"} <= set(plain)
    for position, each in enumerate(query.ctes):  # nothing is read before it is there
        tables = {table.name.lower() for table in each.this.find_all(exp.Table) if not table.db}
        assert tables <= set(names[:position])


@pytest.mark.parametrize(("name", "dialect"), CASES)
def test_reserved_words_are_quoted(name: str, dialect: str) -> None:
    query = body(path_of(name, dialect).read_text("utf-8"))
    for identifier in parse_one(query, dialect=dialect).find_all(exp.Identifier):
        if identifier.name.lower() in RESERVED and is_a_name(identifier):
            assert identifier.quoted, identifier.name


def is_a_name(identifier: exp.Identifier) -> bool:
    """Not a field of a struct, nor a unit such as DAY, which some dialects read as a column."""
    of = (exp.Column, exp.Alias, exp.TableAlias, exp.Table)
    return isinstance(identifier.parent, of) and identifier.name not in {"DAY", "EPOCH_SECOND"}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_reserved_word_as_a_column(dialect: str) -> None:
    tokens = Dialect.get_or_raise(dialect).tokenize(text("scorecard", dialect))
    words = [token for token in tokens if token.text.lower() == "order"]
    assert words
    assert all(token.token_type.name == "IDENTIFIER" for token in words)


def test_the_table_has_every_primitive() -> None:
    assert set(TABLE) == set(Primitive)


@pytest.mark.parametrize("name", RULESETS)
def test_the_comment_says_what_it_is(name: str) -> None:
    compiled = RULESETS[name]
    for dialect in DIALECTS:
        lines = path_of(name, dialect).read_text("utf-8").splitlines()
        version = compiled.version
        assert lines[0].startswith(f"-- {compiled.ruleset.title} ({name}), version {version}, fingerprint ")
        assert compiled.fingerprint in lines[0]
        assert any(line.startswith("--   crm.accounts") for line in lines)
