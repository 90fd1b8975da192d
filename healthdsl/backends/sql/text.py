"""A query as the text of a dialect: formatted, with a comment on top that says where it comes from."""

from __future__ import annotations

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import ErrorLevel, UnsupportedError
from sqlglot.generator import Generator

from healthdsl.backends.sql.errors import SqlError
from healthdsl.backends.sql.reserved import RESERVED

WIDTH = 100


def text_of(query: exp.Expression, dialect: str, header: str = "") -> str:
    """The text, ending in a line end. SqlError for what the dialect has no words for."""
    for identifier in query.find_all(exp.Identifier):
        if _is_quoted(identifier.name):
            identifier.set("quoted", True)
    generator = _generator(dialect)
    try:
        text = generator.generate(query)
    except UnsupportedError as problem:
        raise SqlError(f"{dialect} cannot say it: {problem}") from None
    lines = [f"-- {line}".rstrip() for line in header.splitlines()]
    return "\n".join([*lines, text, ""])


def _generator(dialect: str) -> Generator:
    """The dialect's generator, with short brackets on one line and long sums on several."""
    base = Dialect.get_or_raise(dialect).generator_class
    rows = {exp.Paren: _paren, exp.Add: _sum, exp.Sub: _sum, exp.DPipe: _sum, exp.Alias: _alias}
    transforms = dict(base.TRANSFORMS.items() | rows.items())
    kind = type("ReadableGenerator", (base,), {"TRANSFORMS": transforms})
    generator: Generator = kind(
        dialect=dialect, pretty=True, unsupported_level=ErrorLevel.RAISE, max_text_width=WIDTH, comments=False
    )
    return generator


def _paren(generator: Generator, paren: exp.Paren) -> str:
    inner = generator.sql(paren, "this")
    return f"({inner})" if "\n" not in inner and len(inner) < WIDTH else generator.paren_sql(paren)


def _sum(generator: Generator, chain: exp.Binary) -> str:
    sign = {exp.Add: "+", exp.Sub: "-", exp.DPipe: "||"}[type(chain)]
    left, right = generator.sql(chain, "this"), generator.sql(chain, "expression")
    line = f"{left} {sign} {right}"
    return line if len(line) <= WIDTH and "\n" not in line else f"{left}\n{sign} {right}"


def _alias(generator: Generator, alias: exp.Alias) -> str:
    """Brackets around the whole of a column are left out."""
    value = alias.this
    while isinstance(value, exp.Paren):
        value = value.this
    return f"{generator.sql(value)} AS {generator.sql(alias, 'alias')}"


def _is_quoted(name: str) -> bool:
    """Whether a name is quoted: a word that some SQL reserves, or anything but a plain name."""
    plain = name.isascii() and name.replace("_", "a").isalnum() and name == name.lower()
    return name != "" and (not plain or name[0].isdigit() or name in RESERVED)
