"""Several versions of a ruleset as one graph, in which what they share is worked out once.

In: Rulesets, one after another, and which of their outputs are kept under which name. Out: one graph over the
contract of all. Where two versions read a field otherwise (another type, range or column) there is a field
for each way, the first under its own name.

All versions are lowered into one list of operations. A declaration that is the very same object as in an
earlier version, with all that it reads, is not lowered again: so a version costs what differs in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from healthdsl.graph.build import GraphBuilder
from healthdsl.graph.graph import Graph, InputField, Output, TableField
from healthdsl.graph.lower import contract_of, lower_declaration, worked_out
from healthdsl.graph.order import Declaration, Sort, evaluation_order, readings
from healthdsl.graph.primitives import Primitive
from healthdsl.graph.scope import Scope, WorkedOut
from healthdsl.graph.slice import slice_graph
from healthdsl.model.ruleset import RuleNode, Ruleset, Signal
from healthdsl.model.types import Type

Names = Mapping[str, str]
"""The name of an output in the whole by its name in its version."""


@dataclass(frozen=True, slots=True)
class Version:
    """A version that was lowered: its outputs, and its contract under the names of the whole."""

    outputs: tuple[Output, ...]
    inputs: tuple[InputField, ...]
    tables: tuple[TableField, ...]


@dataclass(frozen=True, slots=True)
class _Lowered:
    """A declaration in the scope that it was lowered in."""

    scope: Scope
    outputs: tuple[Output, ...]


class Versions:
    """The versions lowered so far."""

    def __init__(self) -> None:
        self._store = GraphBuilder((), ())
        self._inputs = _Ways()
        self._columns: dict[str, _Ways] = {}
        self._stamps: dict[tuple[object, ...], int] = {}
        self._lowered: dict[int, _Lowered] = {}
        self._rulesets: list[Ruleset] = []

    def lower(self, ruleset: Ruleset) -> Version:
        """Lower a version; resolving has settled that its names are bound and nothing goes in circles."""
        # A stamp speaks of objects by their address, which is theirs as long as they are kept.
        self._rulesets.append(ruleset)
        inputs, tables = contract_of(ruleset)
        read = {field.name: self._inputs.take(field) for field in inputs}
        columns = {
            (table.name, field.name): self._columns.setdefault(table.name, _Ways()).take(field)
            for table in tables
            for field in table.columns
        }
        scope = Scope(ruleset, _VersionBuilder(self._store, read, columns))
        declared, stamps = worked_out(ruleset), self._stamps_of(ruleset, read, columns)
        for place in evaluation_order(ruleset):
            self._enter(scope, declared[place], stamps[place])
        found = tuple(
            replace(table, columns=tuple(columns[table.name, field.name] for field in table.columns))
            for table in tables
        )
        return Version(tuple(scope.builder.outputs.values()), tuple(read.values()), found)

    def _enter(self, scope: Scope, declared: WorkedOut, stamp: int) -> None:
        outputs = scope.builder.outputs
        done = self._lowered.get(stamp)
        if done is None:
            before = len(outputs)
            lower_declaration(scope, declared)
            self._lowered[stamp] = _Lowered(scope, tuple(outputs.values())[before:])
        else:
            scope.take(done.scope, declared)
            outputs.update({output.name: output for output in done.outputs})

    def graph(self, versions: Sequence[tuple[Version, Names]]) -> Graph:
        """One graph with the outputs named; of one name the first counts."""
        outputs: dict[str, Output] = {}
        for version, names in versions:
            for output in version.outputs:
                name = names.get(output.name)
                if name is not None:
                    outputs.setdefault(name, replace(output, name=name))
        inputs = {field.name: field for version, _ in versions for field in version.inputs}
        tables = _joined(table for version, _ in versions for table in version.tables)
        whole = Graph(tuple(self._store.ops), tuple(inputs.values()), tables, tuple(outputs.values()))
        return slice_graph(whole, whole.outputs)

    # What is the same --------------------------------------------------------

    def _stamps_of(
        self, ruleset: Ruleset, read: Mapping[str, InputField], columns: Mapping[tuple[str, str], InputField]
    ) -> dict[Declaration, int]:
        """A number for each declaration, the same exactly for the same declaration reading the same."""
        stamps: dict[Declaration, int] = {}
        for table in ruleset.tables:
            names = tuple(field.name for (name, _), field in columns.items() if name == table.name)
            stamps[Declaration(Sort.TABLE, table.name)] = self._stamp(id(table), *names)
        levels = {each.name: each for each in ruleset.levels}
        declared, reads = worked_out(ruleset), readings(ruleset)
        for place in evaluation_order(ruleset):
            declaration = declared[place]
            inner: list[object] = [stamps[each] for each in reads[place]]
            match declaration:
                case Signal(name=name) if name in read:
                    inner.append(read[name].name)
                case RuleNode(levels=str() as name):
                    inner.append(id(levels[name]))
                case _:
                    pass
            stamps[place] = self._stamp(place, id(declaration), *inner)
        return stamps

    def _stamp(self, *key: object) -> int:
        return self._stamps.setdefault(key, len(self._stamps))


def _joined(tables: Iterable[TableField]) -> tuple[TableField, ...]:
    """One table of each name with the columns of all."""
    found: dict[str, TableField] = {}
    for table in tables:
        first = found.setdefault(table.name, table)
        columns = {field.name: field for field in (*first.columns, *table.columns)}
        found[table.name] = replace(first, columns=tuple(columns.values()))
    return tuple(found.values())


class _Ways:
    """Fields under names of their own: one for each way in which a field is read."""

    def __init__(self) -> None:
        self._ways: dict[str, list[InputField]] = {}

    def take(self, field: InputField) -> InputField:
        """The field under the name by which it is read."""
        ways = self._ways.setdefault(field.name, [])
        for way in ways:
            if replace(field, name=way.name, title=way.title) == way:
                return way
        name = field.name if not ways else f"{field.name}__read_{len(ways) + 1}"
        ways.append(replace(field, name=name))
        return ways[-1]


class _VersionBuilder(GraphBuilder):
    """A builder that makes its operations in the store of all versions; fields go by their names there."""

    def __init__(
        self,
        store: GraphBuilder,
        read: Mapping[str, InputField],
        columns: Mapping[tuple[str, str], InputField],
    ) -> None:
        super().__init__((), ())
        self.ops, self.facts = store.ops, store.facts
        self._made, self._constants = store._made, store._constants
        self._called: dict[object, object] = {
            **{name: field.name for name, field in read.items()},
            **{key: (key[0], field.name) for key, field in columns.items()},
        }
        self._fields = {field.name: field for field in read.values()}
        renamed = {(table, field.name): field for (table, _), field in columns.items()}
        self._columns = {**renamed, **columns}

    def make(
        self,
        primitive: Primitive,
        operands: Iterable[int] = (),
        value: object = None,
        *,
        kind: Type | None = None,
    ) -> int:
        if primitive in (Primitive.INPUT, Primitive.COLUMN):
            value = self._called[value]
        return super().make(primitive, operands, value, kind=kind)
