"""Says what is wrong with a line that could not be read: one diagnostic for one line.

In: the broken line and a way to try whether a line can be read. Out: the diagnostic of the first rewrite
that can be; without one, where the line stops making sense and the form it should have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from healthdsl.diagnostics.diagnostic import Diagnostic
from healthdsl.syntax.lexer import RESERVED, Token
from healthdsl.syntax.repair import habits, layout, near, rows, values
from healthdsl.syntax.repair.around import is_grid
from healthdsl.syntax.repair.broken import BrokenLine, Rewrite
from healthdsl.syntax.repair.data_lines import absent_told, data_form
from healthdsl.syntax.repair.forms_shown import shown_form
from healthdsl.syntax.repair.line_end import comma_at_line_end
from healthdsl.syntax.repair.mixed import mixed_words
from healthdsl.syntax.repair.pieces import missing_piece
from healthdsl.syntax.repair.unbalanced import unbalanced
from healthdsl.syntax.shapes import HEADERS, name_index

Fits = Callable[[list[Token]], bool]
Maker = Callable[[BrokenLine], Iterator[Rewrite]]

MAKERS: tuple[Maker, ...] = (
    habits.capitals,
    layout.reversed_part,
    layout.condition_first,
    layout.sign_missing,
    layout.bullets,
    rows.choices,
    rows.cells,
    rows.other_tests,
    rows.two_weights,
    rows.bands_of,
    rows.condition_sign,
    rows.given_table,
    rows.dates,
    habits.ranges,
    layout.listed_choices,
    habits.contained_words,
    values.values_of_in,
    habits.comparison_words,
    habits.equals_signs,
    layout.titles_without_quotes,
    layout.texts_without_quotes,
    habits.semicolons,
    layout.colons,
    habits.numbers,
    rows.units,
    habits.unless,
    layout.quoted_names,
    layout.listed_texts,
    layout.reasons,
    layout.brackets,
    habits.commas,
    habits.other_words,
    near.misspelt,
    values.several_words,
    near.missing_words,
    layout.names,
)


def explain_line(line: BrokenLine, fits: Fits) -> Diagnostic:
    """What to say about a broken line."""
    return (
        certain(line)
        or absent_told(line, fits)
        or comma_at_line_end(line, fits)
        or suggested(line, fits)
        or plain_answer(line, fits)
    )


def certain(line: BrokenLine) -> Diagnostic | None:
    """What needs no rewriting to be told."""
    return unbalanced(line) or _reserved_name(line) or mixed_words(line) or missing_piece(line)


def suggested(line: BrokenLine, fits: Fits) -> Diagnostic | None:
    """The first rewrite that can be read."""
    for maker in MAKERS:
        for candidate in maker(line):
            if candidate.tokens and fits(candidate.tokens):
                return candidate.diagnostic
    return None


def plain_answer(line: BrokenLine, fits: Fits) -> Diagnostic:
    """Where the line stops making sense, and the form it should have."""
    help_ = data_form(line) or f"write it like `{shown_form(line.start, line.tokens, grid=is_grid(line))}`"
    stop, tokens = line.stop, line.tokens
    if line.start is None:
        return _no_declaration(line)
    if stop >= len(tokens):
        if tokens[-1].kind in ("AND", "OR"):
            message = f"the line ends with `{tokens[-1].text}`"
            help_ = f"begin the next line with `{tokens[-1].text}` instead: it then goes on from here"
            return line.told(len(tokens) - 1, len(tokens), "E139", message, help_)
        return line.told(stop, stop, "E132", "this line ends too early", help_)
    found = tokens[stop].text if tokens[stop].kind != "TEXT" else "a text"
    shown = f"`{found}`" if tokens[stop].kind != "TEXT" else found
    if tokens[stop].kind == "UNKNOWN":
        return line.told(stop, stop + 1, "E100", f"{shown} is no sign of the language", help_)
    if tokens[stop].kind in ("NUMERAL", "PERCENT") and tokens[stop - 1].kind == "WORD" and _asks(line):
        name = tokens[stop - 1].text
        help_ = f"write `{name} above {found}`, or `at least`, `below`, `up to`, `is`, whichever is meant"
        return line.told(stop, stop + 1, "E143", f"there is no word between `{name}` and {shown}", help_)
    if stop and fits(tokens[:stop]):
        end = len(tokens)
        return line.told(stop, end, "E133", f"the line is complete before {shown}", help_)
    return line.told(stop, stop + 1, "E100", f"{shown} does not fit here", help_)


def _asks(line: BrokenLine) -> bool:
    """Whether the place where the line stopped is in a condition."""
    return any(token.kind in ("WHEN", "WHERE", "EXPECT") for token in line.tokens[: line.stop])


_USE_ELSEWHERE = frozenset(("import", "include", "require", "load", "source"))
"""What other languages call it to bring a file in."""


def _no_declaration(line: BrokenLine) -> Diagnostic:
    message = f"no declaration begins with `{line.tokens[0].text}`"
    help_ = "declarations begin with " + ", ".join(f"`{word}`" for word in HEADERS)
    if line.tokens[0].text.lower() in _USE_ELSEWHERE:
        help_ = 'another file is brought in by `use "signals.health"`'
    return line.told(0, 1, "E130", message, help_)


def _reserved_name(line: BrokenLine) -> Diagnostic | None:
    """`signal in count`: a word that cannot be a name where a name is declared."""
    index = name_index(line.start)
    if index is None or line.stop != index or index >= len(line.tokens):
        return None
    word = line.tokens[index].text
    if word not in RESERVED:
        return None
    message = f"`{word}` is a word of the language and cannot be a name"
    return line.told(index, index + 1, "E119", message, f"choose another name, such as `{word}_value`")
