"""A graph as a program that scores one record: Python source, compiled once.

`run` reads the record by the input contract and works out score and band; what it read is kept as a snapshot,
from which `full` works out every output when somebody asks. Both are slices of the same graph and give the
same numbers. The source holds variables, numbers and escaped texts that the graph's contract has checked,
never a user's own code.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import date
from functools import cached_property
from operator import itemgetter
from typing import Any

from healthdsl.backends.record import careful
from healthdsl.backends.record.errors import RecordError
from healthdsl.backends.record.layout import Layout
from healthdsl.backends.record.source import Ask, full_source, run_source
from healthdsl.graph import arithmetic
from healthdsl.graph.evaluate import Row
from healthdsl.graph.graph import Graph, InputField
from healthdsl.graph.primitives import Primitive

Snapshot = tuple[Any, ...]
"""What was read from a record: a value for each input field, then the rows of each table (None: not
supplied).
"""


class Scored:
    """What `run` makes.

    `owner` is whoever called it; `errors` the values taken as missing, None when none may be; `id_found` and
    `name_found` the account's as the record has them.
    """

    __slots__ = ("band", "errors", "id_found", "name_found", "owner", "score", "snapshot", "today")

    band: str | None
    errors: list[RecordError] | None
    id_found: object
    name_found: object
    owner: Any
    score: float | None
    snapshot: Snapshot
    today: int | None


Notes = list[RecordError] | None
Run = Callable[[Any, dict[str, object], int | None, Notes], Any]


class RecordProgram:
    """The compiled functions of one graph. `run(owner, record, today, notes)` makes a Scored object."""

    def __init__(self, graph: Graph, ask: Ask, made: type[Scored]) -> None:
        self.graph = graph
        self._ask = ask
        self._made = made
        self._layout = Layout.of(graph)
        self.run_source = run_source(self._layout, ask)
        self.run: Run = self._function(self.run_source, "run")

    def again(self, owner: object, record: dict[str, object], today: int | None, notes: Notes) -> Any:
        """`run` with every snap in place: the answer where a tie is near."""
        if notes is not None:
            notes.clear()
        return self._run_exactly(owner, record, today, notes)

    @cached_property
    def _run_exactly(self) -> Run:
        run: Run = self._function(run_source(self._layout, self._ask, exactly=True), "run")
        return run

    def full(self, snapshot: Snapshot, today: int | None) -> dict[str, object]:
        """Every output by name, numbers as float."""
        by_op: dict[int, object] = dict(zip(self._traced, self.trace(snapshot, today), strict=True))
        ops, ints = self.graph.ops, self._layout.ints
        for index, value in by_op.items():
            if value.__class__ is int and ints[index] and ops[index].type.is_numeric:
                by_op[index] = float(value)
        for output in self.graph.outputs:
            op = ops[output.op]
            if op.primitive is Primitive.CONSTANT:
                by_op[output.op] = op.value
            elif output.op not in by_op:
                by_op[output.op] = by_op[op.operands[0]] is not None
        return {output.name: by_op[output.op] for output in self.graph.outputs}

    @cached_property
    def trace(self) -> Callable[[Snapshot, int | None], tuple[Any, ...]]:
        """The function that works out everything as a flat tuple, made when it is first needed."""
        function: Callable[[Snapshot, int | None], tuple[Any, ...]] = self._function(self.full_source, "full")
        return function

    @cached_property
    def full_source(self) -> str:
        return full_source(self._layout, self._traced)

    @cached_property
    def _traced(self) -> list[int]:
        """The operations behind the outputs, each once, without constants and what is plain from another's
        value.
        """
        ops = self.graph.ops
        behind = dict.fromkeys(output.op for output in self.graph.outputs)
        return [
            index
            for index in behind
            if ops[index].primitive is not Primitive.CONSTANT
            and not (ops[index].primitive is Primitive.IS_KNOWN and ops[index].operands[0] in behind)
        ]

    def inputs_of(self, snapshot: Snapshot) -> tuple[dict[str, object], dict[str, Sequence[Row] | None]]:
        """What was read, in the graph's own terms: inputs by name, rows by column; None: table not
        supplied.
        """
        count = len(self.graph.inputs)
        inputs = _typed(self.graph.inputs, snapshot[:count])
        tables: dict[str, Sequence[Row] | None] = {
            table.name: None if rows is None else [_typed(table.columns, row) for row in rows]
            for table, rows in zip(self.graph.tables, snapshot[count:], strict=True)
        }
        return inputs, tables

    def _function(self, source: str, called: str) -> Any:
        code = compile(source, f"<healthdsl {called}>", "exec", dont_inherit=True, optimize=2)
        columns = [field.column for field in self.graph.inputs]
        scope: dict[str, object] = {
            **_RUNTIME,
            "__builtins__": _BUILTINS,
            "Made": self._made,
            "again": self.again,
            "fields": self.graph.inputs,
            "tables": self.graph.tables,
            "keys": columns,
            "fetch": itemgetter(*columns) if columns else None,
        }
        exec(code, scope)  # noqa: S102 - the source is made here, of checked parts only
        return scope[called]


def compile_record(graph: Graph, ask: Ask = Ask(), made: type[Scored] = Scored) -> RecordProgram:  # noqa: B008
    """The program of a graph; `run` gives the outputs asked for (None for one the graph does not have)."""
    return RecordProgram(graph, ask, made)


def _typed(fields: tuple[InputField, ...], values: tuple[Any, ...]) -> dict[str, object]:
    """Values by name, numbers as snapped doubles."""
    return {
        field.name: arithmetic.snap(float(value)) if field.type.is_numeric and value is not None else value
        for field, value in zip(fields, values, strict=True)
    }


_RUNTIME: dict[str, object] = {
    "inf": math.inf,
    "floor": math.floor,
    "ceil": math.ceil,
    "date": date,
    "new": object.__new__,
    "slow": careful.slow,
    "slow_all": careful.slow_all,
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
_BUILTINS: dict[str, object] = {
    "KeyError": KeyError,
    "TypeError": TypeError,
    "enumerate": enumerate,
    "float": float,
    "len": len,
    "map": map,
    "set": set,
    "str": str,
    "tuple": tuple,
    "dict": dict,
    "int": int,
}
"""All that generated code may call besides its runtime: it can import nothing and open nothing."""
