"""Which form a line has: the start symbol that its declaration and its first words choose.

In: the kind of the declaration (`signal`, `node`, ..) and the tokens of a line. Out: a start symbol of the
grammar.
"""

from __future__ import annotations

from collections.abc import Sequence

from healthdsl.syntax.lexer import Token

# The keyword of a declaration -> the start symbol of its header.
HEADERS = {
    "ruleset": "ruleset_line",
    "dictionary": "ruleset_line",
    "use": "use_line",
    "signal": "signal_line",
    "rows": "rows_line",
    "levels": "levels_line",
    "distribution": "distribution_line",
    "measure": "node_line",
    "group": "node_line",
    "score": "node_line",
    "bands": "bands_line",
    "flag": "flag_line",
    "play": "flag_line",
    "condition": "flag_line",
    "test": "test_line",
}
_NAMED_HEADERS = frozenset(HEADERS.values()) - {"test_line", "use_line"}
# Stands for the header of the rows below a column that has a table.
COLUMN_TABLE = "column_table"
# The start symbol of a header -> that of its clauses, where there is one form only.
CLAUSES = {
    "ruleset_line": "header_clause",
    "signal_line": "signal_clause",
    "rows_line": "column_line",
    "levels_line": "level_row",
    "distribution_line": "distribution_clause",
    "bands_line": "band_row",
    COLUMN_TABLE: "table_row",
}
TABLES = frozenset(("ladder", "lookup", "curve", "grid", "first match"))
COLUMN_TABLES = TABLES - {"grid", "first match"}
# The words of types, as far as they stand alone.
TYPES = frozenset(
    ("count", "number", "percent", "days", "date", "timestamp", "money", "yes/no", "one", "text")
)
# A clause of a node that begins with this word has this word behind it; a part may be called `cap`.
SECOND_WORDS = {
    "only": "when",
    "unscored": "when",
    "cap": "at",
    "raise": "to",
    "set": "to",
    "round": "to",
    "shown": "to",
}


def clause_start(header: str, in_table: bool, tokens: Sequence[Token]) -> str | None:
    """The start symbol of a clause under a header, None under a flag, a play or a condition; `in_table`: the
    header is a table's, or says `without points`.
    """
    if header == "test_line":
        return "given_rows_line" if begins_grid(tokens) else "test_clause"
    if header == "node_line":
        return _node_clause(in_table, tokens)
    if header == "levels_line" and in_table:
        return "plain_level_row"
    return CLAUSES.get(header)


def is_table_header(tokens: Sequence[Token]) -> bool:
    """Whether the header of a measure, group or score names a table, or that of levels says `without
    points`: what stands below is a row of another form then.
    """
    words = [token.text for token in tokens[2:4]]
    if tokens[0].text == "levels":
        return words == ["without", "points"]
    return bool(words) and (words[0] in TABLES or " ".join(words) in TABLES)


def begins_column_table(tokens: Sequence[Token]) -> bool:
    """Whether a line under `rows` is `points lookup of state`."""
    return [token.text for token in tokens[2:3]] == ["of"] and tokens[1].text in COLUMN_TABLES


def begins_grid(tokens: Sequence[Token]) -> bool:
    """Whether a line is `given rows NAME`."""
    words = [token.text for token in tokens]
    return words[:2] == ["given", "rows"] and len(words) == 3 and words[2][0].isalpha()


def name_count(start: str, tokens: Sequence[Token]) -> int:
    """How many of the first tokens are single words for sure, so that no pair of words begins there."""
    if start == "grid_line":
        return len(tokens)
    if start == "test_clause":
        return 2 if tokens[0].text == "given" else 0
    index = name_index(start)
    if index is None:
        return 0
    index = last_name(index, tokens)
    # `days from 0 to 90` is a type with a range here, and `average` a way to combine
    behind = tokens[index + 1].text if index + 1 < len(tokens) else ""
    return index + (2 if behind in ("days", "average", "lowest", "highest") else 1)


def name_index(start: str | None) -> int | None:
    """Which token of a line is the name it declares; None for lines that declare none at a fixed place."""
    if start in ("column_line", "level_row", "plain_level_row"):
        return 0
    return 1 if start in _NAMED_HEADERS else None


def _node_clause(in_table: bool, tokens: Sequence[Token]) -> str:
    first = tokens[0]
    second = tokens[1] if len(tokens) > 1 else None
    if any(token.kind == "ARROW" for token in tokens):
        if first.kind == "MISSING" and not in_table:
            return "node_clause"
        named = second is not None and second.kind == "ARROW" and first.kind not in ("OTHERWISE", "MISSING")
        return "part_line" if named and not in_table else "table_row"
    if _begins_clause(first, second) and (in_table or not _goes_on_as_part(tokens)):
        return "node_clause"
    if first.text == "by" and second is not None and second.text[0].isalpha():
        return "part_line" if _goes_on_as_part(tokens) and not in_table else "grid_keys"
    return "table_row" if in_table else "part_line"


def _goes_on_as_part(tokens: Sequence[Token]) -> bool:
    """Whether what stands behind the first word can stand only behind the name of a part."""
    return [token.text for token in tokens[1:3]] in (["only", "when"], ["weighted", "by"])


def _begins_clause(first: Token, second: Token | None) -> bool:
    if first.kind in ("PLUS", "MINUS"):
        return True
    if second is None:
        return False
    if first.text in SECOND_WORDS:
        return second.text == SECOND_WORDS[first.text]
    if first.text == "needs":
        return second.kind in ("NUMERAL", "PERCENT")
    return first.text in ("within", "times") and second.kind not in ("TEXT", "ONLY")


def declared_names(start: str | None, tokens: Sequence[Token]) -> Sequence[Token]:
    """The tokens of a line that declare a name: most often one, several in `measure b, c like a`."""
    if start == "band_row":
        arrow = next(index for index, token in enumerate(tokens) if token.kind == "ARROW")
        return [tokens[arrow + 1]]
    index = name_index(start)
    return [] if index is None else tokens[index : last_name(index, tokens) + 1 : 2]


def last_name(index: int, tokens: Sequence[Token]) -> int:
    """The index of the last of the names that stand in a list, the first of which is at `index`."""
    while index + 2 < len(tokens) and tokens[index + 1].kind == "COMMA":
        index += 2
    return index
