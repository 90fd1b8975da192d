"""A query as the text of a dialect: formatted, with a comment on top that says where it comes from."""

from __future__ import annotations

import re
from functools import cache, reduce

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import ErrorLevel, UnsupportedError
from sqlglot.generator import Generator

from healthdsl.backends.sql.errors import SqlError
from healthdsl.backends.sql.reserved import RESERVED

WIDTH = 100
SUBSTITUTE = frozenset({"spark", "databricks"})
"""Where `${name}` anywhere in a query is replaced by the value of a variable."""

_NO_COLUMN = re.compile(r"""[!"$()*,./;?@\[\\\]^`{}~\x00-\x1f]""")


def text_of(query: exp.Expression, dialect: str, header: str = "") -> str:
    """The text, ending in a line end. SqlError for what the dialect has no words for."""
    for identifier in query.find_all(exp.Identifier):
        _quote(identifier, dialect)
    if dialect == "bigquery":
        _check_columns(query)
    if dialect in SUBSTITUTE:
        header = header.replace("${", "$ {")
        _part_variables(query, dialect)
    generator: Generator = _generator(dialect)(
        dialect=dialect, pretty=True, unsupported_level=ErrorLevel.RAISE, max_text_width=WIDTH, comments=False
    )
    try:
        text = generator.generate(query)
    except UnsupportedError as problem:
        raise SqlError(f"{dialect} cannot say it: {problem}") from None
    lines = [f"-- {line}".rstrip() for line in header.splitlines()]
    return "\n".join([*lines, text, ""])


@cache
def _generator(dialect: str) -> type[Generator]:
    """The dialect's generator, with short brackets on one line and long sums on several."""
    base = Dialect.get_or_raise(dialect).generator_class
    rows = {exp.Paren: _paren, exp.Add: _sum, exp.Sub: _sum, exp.DPipe: _sum, exp.Alias: _alias}
    transforms = dict(base.TRANSFORMS.items() | rows.items())
    return type("ReadableGenerator", (base,), {"TRANSFORMS": transforms})


def _paren(generator: Generator, paren: exp.Paren) -> str:
    inner = generator.sql(paren, "this")
    return f"({inner})" if "\n" not in inner and len(inner) < WIDTH else generator.paren_sql(paren)


def _sum(generator: Generator, chain: exp.Binary) -> str:
    sign = {exp.Add: "+", exp.Sub: "-", exp.DPipe: "||"}[type(chain)]
    left, right = generator.sql(chain, "this"), generator.sql(chain, "expression")
    line = f"{left} {sign} {right}"
    return line if len(line) <= WIDTH and "\n" not in line else f"{left}\n{sign} {right}"


def _alias(generator: Generator, alias: exp.Alias) -> str:
    """Brackets around the whole of a column are left out, and the name of a column that keeps it."""
    value = alias.this
    while isinstance(value, exp.Paren):
        value = value.this
    if isinstance(value, exp.Column) and not value.table and value.this == alias.args["alias"]:
        return generator.sql(value)
    return f"{generator.sql(value)} AS {generator.sql(alias, 'alias')}"


# Names and texts --------------------------------------------------------------


def _quote(identifier: exp.Identifier, dialect: str) -> None:
    """Quotes a name that needs it. One that is quoted only as a reserved word stays what it is unquoted."""
    name = identifier.name
    if not _is_quoted(name):
        return
    if dialect == "snowflake" and not identifier.quoted and _is_plain(name):
        identifier.set("this", name.upper())
    identifier.set("quoted", True)


def _is_quoted(name: str) -> bool:
    """Whether a name is quoted: a word that some SQL reserves, or anything but a plain name."""
    return name != "" and (not _is_plain(name) or name in RESERVED)


def _is_plain(name: str) -> bool:
    letters = name.replace("_", "a")
    return name.isascii() and letters.isalnum() and name == name.lower() and not name[:1].isdigit()


def _check_columns(query: exp.Expression) -> None:
    """SqlError for a column that no table of BigQuery can have."""
    for column in query.find_all(exp.Column):
        if isinstance(column.this, exp.Identifier) and (found := _NO_COLUMN.search(column.name)):
            raise SqlError(
                f"bigquery has no columns with `{found[0]}` in their name, as `{column.name}` has. "
                'Name another one in the ruleset: column "..."'
            )


def _part_variables(query: exp.Expression, dialect: str) -> None:
    """Takes `${` apart in texts; SqlError for names. Spark puts a variable there, even between quotes."""
    for identifier in query.find_all(exp.Identifier):
        if "${" in identifier.name:
            raise SqlError(
                f"{dialect} takes `${{` in the name `{identifier.name}` for a variable. "
                'Name another column in the ruleset: column "..."'
            )
    for literal in [each for each in query.find_all(exp.Literal) if each.is_string and "${" in each.name]:
        parts = re.split(r"(?<=\$)(?=\{)", literal.name)
        pieces: list[exp.Expression] = [exp.Literal.string(part) for part in parts]
        literal.replace(exp.Paren(this=reduce(_concatenated, pieces)))


def _concatenated(left: exp.Expression, right: exp.Expression) -> exp.Expression:
    return exp.DPipe(this=left, expression=right)
