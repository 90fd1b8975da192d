"""Makes `table.json`, the parse table, from `grammar.lark` with lark; run by `make table`, never while
parsing.

In: the grammar. Out: the JSON text with `words` (keyword or pair of words -> token), `starts` (start symbol
-> state), `rows` (state -> symbol -> action) and `rules`. An action n > 0 shifts or goes to state n; n < 0
reduces by rule -n-1; a row that is a number reduces whatever comes. A rule is [symbol, length, builder,
children]: a child k >= 0 is the k-th value, -1 is None, k < -1 splices in the list that is value -k-2;
builder `_` makes such a list, an empty builder passes its only child on.

lark's `strict` refuses a grammar with any conflict.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from lark import Lark
from lark.grammar import Rule
from lark.lexer import Lexer, PatternStr

FOLDER = Path(__file__).parent
STARTS = (
    "ruleset_line",
    "use_line",
    "signal_line",
    "rows_line",
    "levels_line",
    "distribution_line",
    "node_line",
    "bands_line",
    "flag_line",
    "test_line",
    "header_clause",
    "signal_clause",
    "column_line",
    "level_row",
    "plain_level_row",
    "distribution_clause",
    "table_row",
    "band_row",
    "part_line",
    "grid_keys",
    "node_clause",
    "test_clause",
    "given_rows_line",
    "grid_line",
)


class NoLexer(Lexer):
    """Tells lark that the tokens come from elsewhere; the table is all that is asked of it."""

    def __init__(self, conf: object) -> None:
        pass

    def lex(self, lexer_state: object, parser_state: object) -> Any:  # pragma: no cover
        raise NotImplementedError


def build_table() -> str:
    """The parse table of the grammar as JSON text, the same for the same grammar and lark."""
    grammar = (FOLDER / "grammar.lark").read_text(encoding="utf-8")
    parser = Lark(
        grammar, parser="lalr", lexer=NoLexer, start=list(STARTS), strict=True, maybe_placeholders=True
    )
    words = {
        t.pattern.value: t.name
        for t in parser.terminals
        if isinstance(t.pattern, PatternStr) and t.pattern.value[0].isalpha()
    }
    table = parser.parser.parser._parse_table
    rules: list[Rule] = sorted(parser.rules, key=lambda rule: (str(rule.origin.name), rule.order, str(rule)))
    number = {rule: index for index, rule in enumerate(rules)}
    order = _state_order(table)
    rows = [_row(table.states[state], order, number) for state in order]
    starts = {name: order[table.start_states[name]] for name in STARTS}
    content = {"words": words, "starts": starts, "rules": [_rule(rule) for rule in rules], "rows": rows}
    lines = [f'"{key}": {_lines(value)}' for key, value in content.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _state_order(table: Any) -> dict[int, int]:
    """The states renumbered in the order they are reached, the same for the same grammar."""
    order: dict[int, int] = {}
    waiting = [table.start_states[name] for name in STARTS]
    while waiting:
        state = waiting.pop(0)
        if state not in order:
            order[state] = len(order)
            steps = sorted(table.states[state].items())
            waiting += [target for _, (action, target) in steps if isinstance(target, int)]
    return order


def _row(row: Any, order: dict[int, int], number: dict[Rule, int]) -> dict[str, int] | int:
    actions = {
        symbol: order[target] if isinstance(target, int) else -number[target] - 1
        for symbol, (_, target) in sorted(row.items())
    }
    reductions = set(actions.values())
    return reductions.pop() if len(reductions) == 1 and max(reductions) < 0 else actions


def _rule(rule: Any) -> list[Any]:
    """Which builder a rule calls, and with which of its values."""
    name = str(rule.origin.name)
    children: list[int] = []
    gaps = "".join(str(int(empty)) for empty in rule.options.empty_indices).split("0")
    for index, symbol in enumerate(rule.expansion):
        children += [-1] * (len(gaps[index]) if rule.options.empty_indices else 0)
        if symbol.is_term and symbol.filter_out:
            continue
        children.append(-index - 2 if symbol.name.startswith("_") else index)
    children += [-1] * (len(gaps[-1]) if rule.options.empty_indices else 0)
    if name.startswith("_"):
        builder = "_"
    elif rule.alias:
        builder = rule.alias
    else:
        builder = "" if rule.options.expand1 and len(children) == 1 else name
    return [name, len(rule.expansion), builder, children]


def _lines(value: Any) -> str:
    """JSON with one entry of the outer list a line."""
    dump = json.JSONEncoder(separators=(",", ":")).encode
    if isinstance(value, list):
        return "[\n" + ",\n".join(dump(entry) for entry in value) + "\n]"
    return dump(value)


if __name__ == "__main__":
    (FOLDER / "table.json").write_text(build_table(), encoding="utf-8")
