"""The columns of scored accounts. They are a written contract: new ones come at the end, none is renamed.

    account_id, account_name, score, band, coverage
    for each further score    NAME__points, and NAME__band when it has bands
    flags, plays              names of those raised
    for every other node      NAME__points, NAME__level when it has levels, NAME__band when it has bands

`score`, `band` and `coverage` are those of the main score. Nodes stand in the order of the ruleset's text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from healthdsl.api import Result
    from healthdsl.model.ruleset import RuleNode, Ruleset

FIRST = ("account_id", "account_name", "score", "band", "coverage")


def columns_of(ruleset: Ruleset) -> tuple[str, ...]:
    """The names of all columns in order."""
    further = [node for node in ruleset.nodes if node.word == "score" and node.name != ruleset.main_score]
    others = [node for node in ruleset.nodes if node.word != "score"]
    return (
        *FIRST,
        *(name for node in further for name in _columns_of_node(ruleset, node)),
        "flags",
        "plays",
        *(name for node in others for name in _columns_of_node(ruleset, node)),
    )


def row_of(result: Result, columns: tuple[str, ...]) -> dict[str, object]:
    """The values of one account by column."""
    row: dict[str, object] = {
        "account_id": result.account_id,
        "account_name": result.account_name,
        "score": result.score,
        "band": result.band,
        "coverage": result.coverage,
        "flags": result.flags,
        "plays": result.plays,
    }
    return {column: row[column] if column in row else result.values[column] for column in columns}


def _columns_of_node(ruleset: Ruleset, node: RuleNode) -> list[str]:
    banded = {bands.node for bands in ruleset.bands}
    return [
        f"{node.name}__points",
        *([f"{node.name}__level"] if node.levels else []),
        *([f"{node.name}__band"] if node.name in banded else []),
    ]
