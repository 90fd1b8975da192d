"""Lines that can be read and surely mean something else.

`else -> 0`, `nps is empty`, `IF(a > 3, 1, 0)`, `x is 3-5`.

In: the tokens of a line. Out: the tokens that were meant and what to say, or nothing, which is the usual
case.
"""

from __future__ import annotations

from typing import NamedTuple

from healthdsl.diagnostics.diagnostic import Diagnostic
from healthdsl.syntax.lexer import Token
from healthdsl.syntax.repair.near import near_words

EMPTY = frozenset(("empty", "null", "blank", "nan", "nil"))
FUNCTIONS = frozenset(
    (
        "if",
        "iif",
        "ifs",
        "and",
        "or",
        "not",
        "today",
        "now",
        "iferror",
        "isblank",
        "sumif",
        "countif",
        "vlookup",
    )
)
ELSE = frozenset(("else", "elseif", "elif"))
SUSPECTS = EMPTY | FUNCTIONS | ELSE | {word.upper() for word in FUNCTIONS | ELSE | EMPTY} | {"Else", "If"}
REST = ("otherwise", "missing")
_COMBINED = ("measure", "group", "score")


class Trap(NamedTuple):
    """What to say, and the line as it was meant; no tokens when the line cannot be kept."""

    diagnostic: Diagnostic
    tokens: list[Token] | None


def find_trap(tokens: list[Token], *, has_rows: bool = False) -> Trap | None:
    """The trap of a line, if it has one; `has_rows`: it stands where rows of tables and parts do."""
    if has_rows and tokens[0].kind == "MINUS" and _list_dash(tokens):
        message = "`-` begins this line like a list"
        help_ = "leave it out: each line is a row already, and `-` in front of a number makes it less than 0"
        return Trap(Diagnostic("E111", message, tokens[0].span, help_), tokens[1:])
    if len(tokens) > 1 and tokens[1].kind == "ARROW" and tokens[0].kind == "WORD":
        return _misspelt_rest(tokens)
    if tokens[0].text == "signal" and tokens[-1].line > tokens[0].line and len(tokens) > 3:
        return _column_behind_comma(tokens)
    if [token.text for token in tokens[2:4]] == ["grid", "of"] and tokens[0].text in _COMBINED:
        return _columns_in_header(tokens)
    if not any(token.text in SUSPECTS or token.kind == "MINUS" for token in tokens):
        return None
    for index, token in enumerate(tokens):
        word = token.text.lower()
        before = tokens[index - 1].kind if index else ""
        following = tokens[index + 1].kind if index + 1 < len(tokens) else ""
        if (
            word in FUNCTIONS
            and following == "OPEN"
            and (token.text.isupper() or word not in ("and", "or", "not"))
        ):
            return Trap(_function(tokens, index), None)
        if word in EMPTY and (before in ("IS", "ARE") or _is_not(tokens, index)):
            return _empty(tokens, index)
        if token.kind == "MINUS" and _dash_range(tokens, index):
            return _subtraction(tokens, index)
    return None


def _column_behind_comma(tokens: list[Token]) -> Trap | None:
    """`signal plan one of free, pro,` above `column "Plan"`, which would be a value with a title."""
    comma, word = tokens[-3:-1]
    if word.text != "column" or tokens[-1].kind != "TEXT" or comma.kind != "COMMA" or comma.line == word.line:
        return None
    message = "this line ends in a comma, so it goes on in the next one"
    help_ = 'leave the comma out; a value with the name is written `"column"`'
    return Trap(Diagnostic("E144", message, comma.span, help_), tokens[:-3])


def _list_dash(tokens: list[Token]) -> bool:
    """Whether a dash with a space behind it stands before the key of a row, which no step has."""
    apart = len(tokens) > 1 and tokens[0].end < tokens[1].start
    return apart and any(token.kind == "ARROW" or token.text == ":" for token in tokens)


def _columns_in_header(tokens: list[Token]) -> Trap | None:
    """`grid of plan by seats`, `grid of plan, seats`; where something may be called `by`, it is that."""
    depth, listed = 0, True  # behind `for x when` a comma may stand in a list
    for before, token, following in zip(tokens[4:], tokens[5:], [*tokens[6:], None], strict=False):
        depth += {"OPEN": 1, "CLOSE": -1}.get(before.kind, 0)
        listed = listed and before.text not in ("for", "when", "is", "as")
        named = following is not None and following.text == "of"
        joint = token.text == "by" or (token.text == "," and depth == 0 and listed)
        if joint and before.kind in ("WORD", "CLOSE") and not named:
            second = following.text if following is not None and following.kind == "WORD" else "seats"
            message = "the columns of a grid stand on a line of their own"
            below = f"write `by {second}  below 10, otherwise` below it"
            help_ = f"end this line before `{token.text}`, and {below}"
            return Trap(Diagnostic("E113", message, token.span, help_), None)
    return None


def _misspelt_rest(tokens: list[Token]) -> Trap | None:
    """`else -> 0` and `otherwize -> 0`, which a lookup would take for a category."""
    first = tokens[0]
    if first.text.lower() in ELSE:
        message = f"`{first.text}` is not a word of the language"
        told = Diagnostic("E117", message, first.span, "write `otherwise`")
        return Trap(told, [first._replace(kind="OTHERWISE", text="otherwise"), *tokens[1:]])
    near = near_words(first.text.lower(), REST) or [word for word in REST if word == first.text.lower()]
    if not near or len(first.text) < 5:
        return None
    code = "E112" if near[0] == first.text.lower() else "E113"
    message = f"`{first.text}` is not a word of the language here"
    help_ = f"did you mean `{near[0]}`? A category of this name is written in quotes"
    meant = first._replace(kind=near[0].upper(), text=near[0])
    return Trap(Diagnostic(code, message, first.span, help_), [meant, *tokens[1:]])


def _function(tokens: list[Token], index: int) -> Diagnostic:
    token = tokens[index]
    word = token.text.upper()
    if word in ("TODAY", "NOW"):
        return Diagnostic(
            "E116", f"there is no function `{token.text}`", token.span, "write `today`, without brackets"
        )
    if word in ("AND", "OR", "NOT"):
        help_ = (
            f"write `{word.lower()}` between the conditions"
            if word != "NOT"
            else "write `not` before the condition"
        )
        return Diagnostic("E116", f"`{token.text}` is no function here", token.span, help_)
    help_ = "write a `first match` with one `when CONDITION -> POINTS` a line"
    division = _division(tokens, index) if tokens[0].kind == "SIGNAL" else None
    if division is not None:
        help_ = f"write `= {division}`, and `divided by zero -> 0` on the line below it"
    return Diagnostic("E116", f"there is no `{token.text}` function", token.span, help_)


def _division(tokens: list[Token], index: int) -> str | None:
    """The first argument of a function that divides, as it is written in the language; None without one."""
    arguments: list[list[Token]] = [[]]
    depth = 0
    for token in tokens[index + 1 :]:
        depth += {"OPEN": 1, "CLOSE": -1}.get(token.kind, 0)
        if depth == 0:
            break
        if depth == 1 and token.text in (",", ";"):
            arguments.append([])
        elif depth > 1 or token.kind != "OPEN":
            arguments[-1].append(token)
    found = next((one for one in arguments if any(token.kind == "SLASH" for token in one)), None)
    if found is None or any(token.text.lower() in FUNCTIONS for token in found):
        return None
    return " ".join(token.text for token in found).replace("( ", "(").replace(" )", ")")


def _is_not(tokens: list[Token], index: int) -> bool:
    return index > 1 and tokens[index - 1].kind == "NOT" and tokens[index - 2].kind in ("IS", "ARE")


def _empty(tokens: list[Token], index: int) -> Trap:
    token = tokens[index]
    message = f"`{token.text}` is not a word of the language"
    told = Diagnostic("E124", message, token.span, "write `missing`")
    return Trap(told, [*tokens[:index], token._replace(kind="MISSING", text="missing"), *tokens[index + 1 :]])


def _dash_range(tokens: list[Token], index: int) -> bool:
    """Whether a minus sign without spaces stands between two numbers behind `is`."""
    if index < 2 or index + 1 >= len(tokens):
        return False
    low, dash, high = tokens[index - 1 : index + 2]
    numbers = low.kind in ("NUMERAL", "PERCENT") and high.kind in ("NUMERAL", "PERCENT")
    return numbers and low.end == dash.start and dash.end == high.start and tokens[index - 2].kind == "IS"


def _subtraction(tokens: list[Token], index: int) -> Trap:
    low, _, high = tokens[index - 1 : index + 2]
    message = f"`{low.text}-{high.text}` reads as a subtraction"
    span = tokens[index - 2].span.to(high.span)
    return Trap(Diagnostic("E138", message, span, f"write `from {low.text} to {high.text}`"), None)
