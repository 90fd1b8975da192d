"""A query as the text of a dialect: formatted, with a comment on top that says where it comes from."""

from __future__ import annotations

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import ErrorLevel, UnsupportedError
from sqlglot.generator import Generator

from healthdsl.backends.sql.errors import SqlError

WIDTH = 100


def text_of(query: exp.Expression, dialect: str, header: str = "") -> str:
    """The text, ending in a line end. SqlError for what the dialect has no words for."""
    for identifier in query.find_all(exp.Identifier):
        if not identifier.args.get("quoted") and _is_quoted(identifier.name, dialect):
            identifier.set("quoted", True)
    generator = _generator(dialect)
    try:
        text = generator.generate(query)
    except UnsupportedError as problem:
        raise SqlError(f"{dialect} cannot say it: {problem}") from None
    lines = [f"-- {line}".rstrip() for line in header.splitlines()]
    return "\n".join([*lines, text, ""])


def _generator(dialect: str) -> Generator:
    generator = Dialect.get_or_raise(dialect).generator(
        pretty=True, unsupported_level=ErrorLevel.RAISE, max_text_width=WIDTH, comments=False
    )
    rows = {exp.Paren: _paren, exp.Add: _chain("+"), exp.Sub: _chain("-"), exp.DPipe: _chain("||")}
    generator.TRANSFORMS = {**generator.TRANSFORMS, **rows}  # type: ignore[misc]
    return generator


def _paren(generator: Generator, paren: exp.Paren) -> str:
    """Short brackets stay on their line."""
    inner = generator.sql(paren, "this")
    return f"({inner})" if "\n" not in inner and len(inner) < WIDTH else generator.paren_sql(paren)


def _chain(sign: str):  # type: ignore[no-untyped-def]
    """A long sum has a line for each term."""

    def write(generator: Generator, chain: exp.Binary) -> str:
        left, right = generator.sql(chain, "left" if False else "this"), generator.sql(chain, "expression")
        line = f"{left} {sign} {right}"
        if len(line) <= WIDTH and "\n" not in line:
            return line
        return f"{left}\n{sign} {right}"

    return write


def _is_quoted(name: str, dialect: str) -> bool:
    """Whether a name is quoted: a word that SQL or the dialect knows, or anything but a plain name."""
    keywords = Dialect.get_or_raise(dialect).tokenizer_class.KEYWORDS
    plain = name.isascii() and name.replace("_", "a").isalnum() and name == name.lower()
    return name != "" and (not plain or name[0].isdigit() or name.upper() in keywords)
