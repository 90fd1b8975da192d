"""What a ruleset compares and reads, gathered from all of its declarations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from healthdsl.checks.terms import Conditions, atoms, constants_of, term_of
from healthdsl.graph.reading import variant_expressions, walk
from healthdsl.model.expressions import (
    Aggregate,
    Compare,
    Constant,
    Expression,
    FlagValue,
    IsMissing,
    Member,
    PointsOf,
    SignalValue,
)
from healthdsl.model.grids import side_tables
from healthdsl.model.ruleset import (
    Bands,
    Combination,
    CurvePoint,
    Declared,
    EdgeRung,
    Keys,
    Row,
    RuleNode,
    Ruleset,
    Table,
    TableKind,
    Variant,
    When,
)
from healthdsl.model.types import Kind

MOST_NAMES_DEEP = 10
MOST_NODES = 200


def named_conditions(ruleset: Ruleset) -> dict[str, Expression]:
    """The conditions behind names: of flags and plays, and of signals that are yes or no by a formula."""
    found = {flag.name: flag.condition for flag in ruleset.flags}
    for signal in ruleset.signals:
        if signal.formula is not None and signal.type.kind is Kind.YES_NO and signal.default is None:
            found[signal.name] = signal.formula
    return _small(found)


def _small(conditions: dict[str, Expression]) -> dict[str, Expression]:
    """Those that stay small with all that stands behind names in them; a name of another is a yes or no."""
    kept: dict[str, Expression] = {}
    sizes: dict[str, int] = {}
    for _ in range(MOST_NAMES_DEEP):
        ready = {
            name: condition
            for name, condition in conditions.items()
            if name not in sizes and all(read in sizes for read in _names(condition) if read in conditions)
        }
        if not ready:
            break
        for name, condition in ready.items():
            size = sum(1 + sizes.get(_name(each), 0) for each in walk([condition]))
            sizes[name] = size if size <= MOST_NODES else 0
            if size <= MOST_NODES:
                kept[name] = condition
    return kept


def _names(condition: Expression) -> Iterator[str]:
    return (name for each in walk([condition]) if (name := _name(each)))


def _name(expression: Expression) -> str:
    return expression.name if isinstance(expression, FlagValue | SignalValue) else ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A condition with the declaration or line it stands on."""

    condition: Expression
    at: Declared
    what: str
    node: str | None = None


def all_conditions(ruleset: Ruleset) -> Iterator[Asked]:
    """Every condition that decides something, with its line."""
    for node in ruleset.nodes:
        for variant in node.variants:
            yield from _of_variant(node, variant)
    for bands in ruleset.bands:
        yield from _of_rows(bands.node, bands.rows)
    for flag in ruleset.flags:
        yield Asked(flag.condition, flag, flag.word)
    for signal in ruleset.signals:
        if signal.formula is not None and signal.type.kind is Kind.YES_NO:
            yield Asked(signal.formula, signal, "signal")
    yield from _of_rows_counted(ruleset)


def _of_rows_counted(ruleset: Ruleset) -> Iterator[Asked]:
    """The conditions behind `where`, each with the declaration that counts the rows."""
    for signal in ruleset.signals:
        yield from _where([signal.formula], signal)
    for node in ruleset.nodes:
        for variant in node.variants:
            yield from _where(variant_expressions(variant), node)
    for flag in ruleset.flags:
        yield from _where([flag.condition], flag)


def _where(expressions: Iterable[Expression | None], at: Declared) -> Iterator[Asked]:
    for expression in walk(expressions):
        if isinstance(expression, Aggregate) and expression.condition is not None:
            yield Asked(expression.condition, at, "where")


def _of_variant(node: RuleNode, variant: Variant) -> Iterator[Asked]:
    name = node.name
    if variant.condition is not None:
        yield Asked(variant.condition, variant, "variant", name)
    for guarded in (*variant.only_when, *variant.unscored):
        yield Asked(guarded.condition, Declared(span=guarded.span, text=guarded.text), "line", name)
    match variant.body:
        case Table(rows=rows):
            yield from _of_rows(name, rows)
        case Combination(parts=parts):
            for part in parts:
                if part.only_when is not None:
                    yield Asked(part.only_when, part, "line", name)
        case _:
            pass
    for step in variant.steps:
        if step.condition is not None:
            yield Asked(step.condition, step, "line", name)


def _of_rows(name: str, rows: Iterable[Row]) -> Iterator[Asked]:
    for row in rows:
        if isinstance(row.key, When):
            yield Asked(row.key.condition, row, "row", name)


# What is compared ------------------------------------------------------------


def all_comparisons(ruleset: Ruleset) -> Iterator[tuple[Expression, tuple[object, ...]]]:
    """Every term that is compared, with the constants it is compared with."""
    known: Conditions = {}
    for node in ruleset.nodes:
        for variant in node.variants:
            yield from _in_conditions(variant_expressions(variant), known)
            if isinstance(variant.body, Table):
                yield from _in_table(variant.body)
    for bands in ruleset.bands:
        yield from _in_table(bands_table(bands))
        yield from _in_conditions(
            (row.key.condition for row in bands.rows if isinstance(row.key, When)), known
        )
    yield from _in_conditions((flag.condition for flag in ruleset.flags), known)
    yield from _in_conditions((signal.formula for signal in ruleset.signals), known)


def bands_table(bands: Bands) -> Table:
    """Bands as the ladder they are."""
    return Table(TableKind.LADDER, PointsOf(bands.node), bands.rows)


def _in_conditions(
    expressions: Iterable[Expression | None], known: Conditions
) -> Iterator[tuple[Expression, tuple[object, ...]]]:
    for expression in walk(expressions):
        if isinstance(expression, Aggregate):
            yield expression, ()
        if isinstance(expression, Compare | Member | IsMissing):
            for atom in atoms(expression, known):
                yield term_of(atom), constants_of(atom)


def _in_table(table: Table) -> Iterator[tuple[Expression, tuple[object, ...]]]:
    if table.kind is TableKind.GRID:
        for side in side_tables(table):
            yield from _in_table(side)
    if table.subject is None:
        return
    found: list[object] = []
    for row in table.rows:
        match row.key:
            case EdgeRung(low=low, high=high):
                found += [edge.value for edge in (low, high) if isinstance(edge, Constant)]
            case Keys(values=values):
                found += values
            case CurvePoint(at=at):
                found.append(at)
            case _:
                pass
    yield table.subject, tuple(value for value in found if value is not None)
