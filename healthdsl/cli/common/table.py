"""Scored accounts as a table for people: the columns that fit a screen, bands in their colours."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, TextIO

from healthdsl.cli.common.messages import count, wants_colour
from healthdsl.explain.amounts import exact, rounded
from healthdsl.explain.precision import decimals_of
from healthdsl.records.cells import cell_text, printable

if TYPE_CHECKING:
    from healthdsl.model.ruleset import Ruleset

Row = Mapping[str, object]
WIDEST = 10_000
MOST_DECIMALS = 2
_HEADINGS = {"account_id": "account", "account_name": "name"}
_NUMBERS = ("score", "coverage", "__points")
_STYLES = {
    "lightgreen": "bright_green",
    "orange": "dark_orange",
    "grey": "bright_black",
    "purple": "magenta",
    "black": "bold",
    "white": "bold",
}


def write_table(
    stream: TextIO, ruleset: Ruleset, columns: tuple[str, ...], rows: Iterable[Row], absent: Sequence[str]
) -> None:
    """All rows as aligned columns, then a line that counts the bands; without the points of parts.

    `absent` are the columns that no account has, known once all rows are read: below a long table they are
    seen, above it they are not.
    """
    found = list(rows)
    stream.write(table_text(stream, ruleset, columns, found))
    stream.write(f"\n{bands_counted(ruleset, found)}\n")
    if absent:
        listed = ", ".join(f"`{printable(column)}`" for column in absent)
        stream.write(f"Scored without {listed}: no such column among the accounts.\n")


def table_text(stream: TextIO, ruleset: Ruleset, columns: tuple[str, ...], rows: Sequence[Row]) -> str:
    """The rows as aligned columns, in colours when `stream` is looked at by a person."""
    return _table(stream, ruleset, _shown(columns, rows), rows)


def _shown(columns: tuple[str, ...], rows: Sequence[Row]) -> list[str]:
    """The columns up to flags and plays, and bad cells; no name, flag, play or bad cell column that is empty
    throughout.
    """
    first = [*columns[: columns.index("plays") + 1], "bad_cells"]
    optional = {"account_name", "flags", "plays", "bad_cells"}
    return [column for column in first if column not in optional or any(row[column] for row in rows)]


def _table(stream: TextIO, ruleset: Ruleset, columns: Sequence[str], rows: Sequence[Row]) -> str:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    colour = wants_colour(stream)
    styles = _band_styles(ruleset)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column in columns:
        heading = _HEADINGS.get(column, column.removesuffix("__points").replace("__", " "))
        table.add_column(heading, justify="right" if column.endswith(_NUMBERS) else "left")
    most = _most_decimals(ruleset)
    decimals = {
        column: _decimals([row[column] for row in rows], most.get(column, MOST_DECIMALS))
        for column in columns
    }
    for row in rows:
        cells = ((column, row[column]) for column in columns)
        table.add_row(
            *(
                Text(_cell(column, value, decimals), styles.get((column, value), ""))
                for column, value in cells
            )
        )
    width = None if stream is sys.stdout and stream.isatty() else WIDEST
    console = Console(
        file=stream, width=width, color_system="auto" if colour else None, force_terminal=colour
    )
    with console.capture() as captured:
        console.print(table, highlight=False)
    return "".join(f"{line.rstrip()}\n" for line in captured.get().splitlines())


def _most_decimals(ruleset: Ruleset) -> dict[str, int]:
    """How many decimals the columns of scores are shown with at most, where the rules say it."""
    said = {
        node.name: decimals_of(node)
        for node in ruleset.nodes
        if all(variant.shown_to is not None for variant in node.variants)
    }
    columns = {f"{name}__points": decimals for name, decimals in said.items()}
    return columns | ({"score": said[ruleset.main_score]} if ruleset.main_score in said else {})


def _decimals(values: Sequence[object], most: int) -> int:
    """How many decimals a column of numbers is shown with: what its longest number needs, at most `most`."""
    texts = [f"{rounded(exact(value), most):f}".rstrip("0") for value in values if isinstance(value, float)]
    return max((len(text.partition(".")[2]) for text in texts if "e" not in text), default=0)


def _cell(column: str, value: object, decimals: Mapping[str, int]) -> str:
    """A value as short as people want it; a score or band that is not there is a dash."""
    if value is None:
        return "" if column in {"account_name", "bad_cells"} else "-"
    if column == "coverage" and isinstance(value, float):
        return f"{value:.0%}"
    if isinstance(value, float):
        return f"{rounded(exact(value), decimals[column]):f}"
    return printable(cell_text(value))


def _band_styles(ruleset: Ruleset) -> dict[tuple[str, object], str]:
    """The style of each band by column and name."""
    styles: dict[tuple[str, object], str] = {}
    for bands in ruleset.bands:
        column = "band" if bands.node == ruleset.main_score else f"{bands.node}__band"
        for band in bands.bands:
            styles[column, band.name] = _STYLES.get(band.colour or "", band.colour or "")
    return styles


def bands_counted(ruleset: Ruleset, rows: Sequence[Row]) -> str:
    """`60 accounts: 9 critical, 12 at_risk, 33 healthy, 6 without a score`; each account is counted once."""
    total = count(len(rows), "account")
    if ruleset.main_score is None:
        return total
    named = [band.name for bands in ruleset.bands if bands.node == ruleset.main_score for band in bands.bands]
    found = Counter(row["band"] for row in rows)
    pieces = [f"{found[band]} {band}" for band in named if found[band]]
    # An account without a score may have a band all the same: that of the row `missing`.
    unscored = sum(row["band"] is None and row["score"] is None for row in rows)
    unbanded = found[None] - unscored if named else 0
    pieces += [f"{unscored} without a score"] if unscored else []
    pieces += [f"{unbanded} without a band"] if unbanded else []
    return f"{total}: {', '.join(pieces)}" if pieces else total
