"""A ruleset as a dbt model: the query, and a schema file with a text for every column and tests.

In: what `sql_text` takes, with tables that stand for dbt's `ref` and `source`. Out: the two texts. No text of
a ruleset is run as Jinja: what would open a tag is printed by one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count

from sqlglot import exp

from healthdsl.backends.sql.errors import SqlError
from healthdsl.backends.sql.sources import Column
from healthdsl.batch.sql_text import Order, columns_of, meanings, sql_text
from healthdsl.batch.warehouse import Tables
from healthdsl.graph.facts import graph_facts
from healthdsl.model.ruleset import Level

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_ -]*")
_OPENS = re.compile(r"\{[{%#]")
_BREAKS = re.compile("[\x7f-\x9f\u2028\u2029\ufeff]")


@dataclass(frozen=True, slots=True)
class Model:
    """The files of a model: `NAME.sql` and `NAME.yml`."""

    name: str
    sql: str
    schema: str


@dataclass(frozen=True, slots=True)
class Named:
    """A table as dbt names it: `ref` with a model, or `source` with a source and its table."""

    function: str
    names: tuple[str, ...]

    @property
    def jinja(self) -> str:
        return "{{ " + f"{self.function}({', '.join(map(repr, self.names))})" + " }}"


def parse_named(text: str) -> Named:
    """`ref:accounts`, `source:crm.accounts` or just `accounts`, which is a ref; SqlError for all else."""
    function, colon, name = text.partition(":")
    if not colon:
        function, name = "ref", text
    names = tuple(part.strip() for part in name.split("."))
    counts = {"ref": (1, 2), "source": (2,)}.get(function, ())
    if len(names) not in counts or not all(map(_NAME.fullmatch, names)):
        raise SqlError(
            f"`{text}` is no table of a dbt project. Write ref:accounts for a model, or "
            "source:crm.accounts for the table accounts of the source crm."
        )
    return Named(function, names)


def dbt_model(order: Order, accounts: Named, rows: Mapping[str, Named]) -> Model:
    """The model called as the ruleset. The tables of `order` are not looked at, only the id column."""
    named = (accounts, *rows.values())
    text, places = "", list[str]()
    for number in count():
        places = [f"dbt_table_{number}_{k}" for k in range(len(named))]
        tables = [exp.to_table(place) for place in places]
        given = Tables(tables[0], dict(zip(rows, tables[1:], strict=True)), order.tables.id_column)
        text = sql_text(replace(order, tables=given))
        if not any(_stands_elsewhere(text, place) for place in places):
            break
    body = escaped(text)
    for place, one in zip(places, named, strict=True):
        body = one.jinja.join(re.split(rf"\b{place}\b", body))
    name = order.ruleset.name
    return Model(name, "{{ config(materialized='table') }}\n\n" + body, _schema(order, name))


def _stands_elsewhere(text: str, place: str) -> bool:
    """Whether a text of the ruleset holds the word that stands for a table: beside FROM and the comment."""
    total = len(re.findall(rf"\b{place}\b", text))
    return total != len(re.findall(rf"(?:FROM |-- +){place}\b", text))


def escaped(text: str) -> str:
    """The text, which dbt's Jinja prints as it is."""
    return _OPENS.sub(lambda found: "{{ '" + found[0] + "' }}", text)


# The schema file --------------------------------------------------------------


def _schema(order: Order, name: str) -> str:
    ruleset = order.ruleset
    known_by = f"version {ruleset.version}, fingerprint {order.fingerprint}"
    about = f"{ruleset.title}, {known_by}: one line an account"
    lines = [
        f"# Written by {order.writer}. Change the ruleset, not this text.",
        "version: 2",
        "models:",
        f"  - name: {name}",
        f"    description: {_text(about)}",
        *_ranges(order, name),
        "    columns:",
        "      - name: account_id",
        "        description: Account id",
        "        data_tests: [not_null, unique]",
    ]
    if ruleset.account_name is not None:
        lines += ["      - name: account_name", "        description: Name of the account"]
    words = _words(order)
    for column, meaning in meanings(order):
        listed = words.get(column, ())
        labels = ", ".join(f"{each.name} ({each.label})" for each in listed)
        about = f"{meaning}: {labels}" if labels else meaning
        lines += [f"      - name: {column}", f"        description: {_text(about)}"]
        if listed:
            values = ", ".join(_text(each.name) for each in listed)
            lines += ["        data_tests:", "          - accepted_values:"]
            lines += ["              arguments:", f"                values: [{values}]"]
    return "".join(f"{line}\n" for line in lines)


def _words(order: Order) -> dict[str, Sequence[Level]]:
    """The words that stand in a column: bands and levels."""
    ruleset = order.ruleset
    words = {f"{bands.node}__band": bands.bands for bands in ruleset.bands}
    levels = {each.name: each.levels for each in ruleset.levels}
    for node in ruleset.nodes:
        if node.levels is not None and node.levels in levels:
            words[f"{node.name}__level"] = levels[node.levels]
    return {
        wanted.name: words[wanted.output]
        for wanted in columns_of(order)
        if isinstance(wanted, Column) and wanted.output in words
    }


def _ranges(order: Order, name: str) -> Iterator[str]:
    """A test for every score that cannot leave a range, by what dbt has itself."""
    found = list(_bounded(order))
    if not found:
        return
    yield "    data_tests:"
    for column, low, high in found:
        inside = f"case when {column} between {low} and {high} then 1 end"
        yield "      - not_null:"
        yield f"          name: {name}__{column}__from_{_word(low)}_to_{_word(high)}"
        yield "          arguments:"
        yield f"            column_name: {_text(inside)}"
        yield "          config:"
        yield f"            where: {_text(f'{column} is not null')}"


def _bounded(order: Order) -> Iterator[tuple[str, str, str]]:
    facts, outputs = graph_facts(order.graph), {each.name: each for each in order.graph.outputs}
    scores = {node.name for node in order.ruleset.nodes if node.word == "score"}
    for wanted in columns_of(replace(order, explain="none")):
        output = outputs[wanted.output] if isinstance(wanted, Column) else None
        if output is None or output.owner not in scores or output.role not in {"points", "coverage"}:
            continue
        low, high = facts[output.op].bounds
        if max(abs(low), abs(high)) < 1e9:
            yield wanted.name, _number(low), _number(high)


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() else f"{value:.9f}".rstrip("0")


def _word(number: str) -> str:
    return number.replace("-", "minus_").replace(".", "_")


def _text(text: str) -> str:
    """A string of YAML, in double quotes; nothing in it is Jinja."""
    quoted = json.dumps(escaped(text), ensure_ascii=False)
    return _BREAKS.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)
