"""A graph as a program that scores one record: Python source, compiled once.

`run` reads the record by the input contract and works out a few quick outputs; what it read is kept as a
snapshot, from which `full` works out every output when somebody asks. Both are slices of the same graph
and give the same numbers. The source holds variables, numbers and escaped texts that the graph's contract
has checked, never a user's own code.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import date
from functools import cached_property
from operator import itemgetter
from types import CodeType
from typing import Any

from healthdsl.backends.record import careful
from healthdsl.backends.record.contract import input_names, read_inputs, read_rows
from healthdsl.backends.record.emit import Emitter, name, snap_text
from healthdsl.backends.record.errors import RecordError
from healthdsl.backends.record.plan import Planner
from healthdsl.backends.record.statements import STEP, Writer
from healthdsl.graph import arithmetic
from healthdsl.graph.evaluate import Row
from healthdsl.graph.facts import Facts, graph_facts
from healthdsl.graph.graph import Graph, InputField
from healthdsl.graph.primitives import Primitive

Snapshot = tuple[Any, ...]
"""What was read from a record: a value for each input field, then the rows of each table (None: not
supplied).
"""

_RUNTIME: dict[str, object] = {
    "inf": math.inf,
    "floor": math.floor,
    "ceil": math.ceil,
    "date": date,
    "slow": careful.slow,
    "slow_cell": careful.slow_cell,
    "slow_row": careful.slow_row,
    "slow_rows": careful.slow_rows,
    **{
        function.__name__: function
        for function in (
            arithmetic.add_days,
            arithmetic.average,
            arithmetic.finite,
            arithmetic.fold_case,
            arithmetic.log_10,
            arithmetic.log_2,
            arithmetic.months_between,
            arithmetic.natural_log,
            arithmetic.power,
            arithmetic.round_to,
            arithmetic.snap,
            arithmetic.total,
            arithmetic.weighted_average,
        )
    },
}
Run = Callable[[dict[str, object], int | None, list[RecordError] | None], tuple[Any, ...]]


class RecordProgram:
    """The compiled functions of one graph. `run` gives the snapshot and then the quick outputs, in their
    order.
    """

    def __init__(self, graph: Graph, quick: Sequence[str]) -> None:
        self.graph = graph
        self._facts: list[Facts] = graph_facts(graph)
        self._at = {output.name: output.op for output in graph.outputs}
        self._quick = [self._at.get(each) for each in quick]
        self._raw = self._unsnapped_inputs()
        self.run_source = "\n".join(self._run_lines())
        self.run: Run = self._function(self.run_source, "run")

    def full(self, snapshot: Snapshot, today: int | None) -> dict[str, object]:
        """Every output by name."""
        values = self.full_values(snapshot, today)
        found = dict(zip(self._at, values, strict=True))
        for each in self._whole_outputs:
            value = found[each]
            if value is not None:
                found[each] = float(value)
        return found

    @cached_property
    def full_source(self) -> str:
        """The source of the function that works out everything, made when it is first needed."""
        return "\n".join(self._full_lines())

    @cached_property
    def full_values(self) -> Callable[[Snapshot, int | None], tuple[Any, ...]]:
        """Every output as a flat tuple, whole numbers perhaps as int."""
        function: Callable[[Snapshot, int | None], tuple[Any, ...]] = self._function(self.full_source, "full")
        return function

    def inputs_of(self, snapshot: Snapshot) -> tuple[dict[str, object], dict[str, Sequence[Row] | None]]:
        """What was read, in the graph's own terms: inputs by name, rows of tables by column; None: not
        supplied.
        """
        count = len(self.graph.inputs)
        inputs = _typed(self.graph.inputs, snapshot[:count])
        tables: dict[str, Sequence[Row] | None] = {
            table.name: None if rows is None else [_typed(table.columns, row) for row in rows]
            for table, rows in zip(self.graph.tables, snapshot[count:], strict=True)
        }
        return inputs, tables

    # Source ----------------------------------------------------------------------

    def _run_lines(self) -> list[str]:
        lines: list[str] = []
        for number, table in enumerate(self.graph.tables):
            lines += read_rows(number, table)
        lines.append("def run(record, today, notes):")
        lines += [STEP + line for line in read_inputs(self.graph, self._raw_names())]
        wanted = [index for index in self._quick if index is not None]
        body, emitter = self._body(wanted, self._raw)
        results = ["None" if index is None else self._result(emitter, index) for index in self._quick]
        return [*lines, *body, f" return ({', '.join([self._snapshot_text(), *results])},)"]

    def _full_lines(self) -> list[str]:
        lines = ["def full(snapshot, today):", f" {self._snapshot_text()} = snapshot"]
        if not (self.graph.inputs or self.graph.tables):
            lines.pop()
        for index in sorted(self._raw):
            known = f"if {name(index)}.__class__ is float: "
            lines.append(f" {known}{name(index)} = {snap_text(name(index), self._facts[index].bounds)}")
        body, emitter = self._body(list(self._at.values()), frozenset())
        values = "".join(f"{emitter.value(index, frozenset())}, " for index in self._at.values())
        return [*lines, *body, f" return ({values})"]

    def _body(self, wanted: list[int], raw: frozenset[int]) -> tuple[list[str], Emitter]:
        plan = Planner(self.graph, self._facts, wanted).plan()
        writer = Writer(Emitter(plan, raw))
        writer.block(plan.root, 1)
        return writer.lines, writer.emitter

    def _result(self, emitter: Emitter, index: int) -> str:
        text = emitter.value(index, frozenset())
        if not (emitter.may_be_int(index) and self.graph.ops[index].type.is_numeric):
            return text
        return f"None if {text} is None else float({text})"

    def _snapshot_text(self) -> str:
        names = [*input_names(self.graph), *(f"r{number}" for number in range(len(self.graph.tables)))]
        return f"({''.join(f'{each}, ' for each in names)})"

    @cached_property
    def _whole_outputs(self) -> list[str]:
        """Outputs that the functions may give as int and that are doubles."""
        emitter = Emitter(Planner(self.graph, self._facts, []).plan())
        ops = self.graph.ops
        return [each for each, k in self._at.items() if ops[k].type.is_numeric and emitter.may_be_int(k)]

    # Inputs that need no snapping ------------------------------------------------

    def _unsnapped_inputs(self) -> frozenset[int]:
        """Inputs that the quick outputs only compare with constants, or ask whether they are there."""
        reached = Planner(self.graph, self._facts, [k for k in self._quick if k is not None]).needed
        otherwise: set[int] = set()
        for index in reached:
            op = self.graph.ops[index]
            if op.primitive is Primitive.AGGREGATE:
                otherwise.update(range(index))
            compares = op.primitive in (Primitive.LESS, Primitive.AT_MOST) and any(
                self.graph.ops[operand].primitive is Primitive.CONSTANT for operand in op.operands
            )
            if not compares and op.primitive is not Primitive.IS_KNOWN:
                otherwise.update(op.operands)
        otherwise.update(index for index in self._quick if index is not None)
        ops, facts = self.graph.ops, self._facts
        return frozenset(
            index
            for index, op in enumerate(ops)
            if op.primitive is Primitive.INPUT
            and op.type.is_numeric
            and not facts[index].whole
            and index not in otherwise
        )

    def _raw_names(self) -> frozenset[str]:
        return frozenset(map(name, self._raw))

    # Compiling -------------------------------------------------------------------

    def _function(self, source: str, called: str) -> Any:
        code: CodeType = compile(source, f"<healthdsl {called}>", "exec", dont_inherit=True, optimize=2)
        columns = [field.column for field in self.graph.inputs]
        scope: dict[str, object] = {
            **_RUNTIME,
            "__builtins__": _BUILTINS,
            "fields": self.graph.inputs,
            "tables": self.graph.tables,
            "keys": columns,
            "fetch": itemgetter(*columns) if columns else None,
        }
        exec(code, scope)  # noqa: S102 - the source is made here, of checked parts only
        return scope[called]


def _typed(fields: tuple[InputField, ...], values: tuple[Any, ...]) -> dict[str, object]:
    """Values by name, numbers as snapped doubles."""
    return {
        field.name: arithmetic.snap(float(value)) if field.type.is_numeric and value is not None else value
        for field, value in zip(fields, values, strict=True)
    }


_BUILTINS: dict[str, object] = {
    "KeyError": KeyError,
    "dict": dict,
    "enumerate": enumerate,
    "float": float,
    "int": int,
    "len": len,
    "map": map,
    "set": set,
    "str": str,
    "tuple": tuple,
}
"""All that generated code may call besides its runtime: it can import nothing and open nothing."""


def compile_record(graph: Graph, quick: Sequence[str] = ()) -> RecordProgram:
    """The program of a graph; `quick` names the outputs that `run` gives (None for one the graph does not
    have).
    """
    return RecordProgram(graph, quick)
