"""Aggregates over rows as Python: what stands before the loop, in it for a row that counts, and behind it."""

from __future__ import annotations

from dataclasses import dataclass

from healthdsl.backends.record.conditions import Given
from healthdsl.backends.record.emit import Emitter
from healthdsl.backends.record.text import name
from healthdsl.graph.graph import Op, gathering
from healthdsl.model.expressions import Gather


@dataclass(frozen=True, slots=True)
class Gathering:
    """One aggregate of a loop; the variables of its own are v, l, n and d with its number."""

    index: int
    op: Op
    emitter: Emitter

    @property
    def gather(self) -> Gather:
        return gathering(self.op)[0]

    @property
    def condition(self) -> int:
        return self.op.operands[2]

    def start(self) -> list[str]:
        match self.gather:
            case Gather.COUNT:
                return [f"{name(self.index)} = 0"]
            case Gather.SUM:
                return [f"l{self.index} = []", f"n{self.index} = 0"]
            case Gather.AVERAGE:
                return [f"l{self.index} = []"]
            case Gather.DISTINCT:
                return [f"l{self.index} = set()"]
            case Gather.LOWEST | Gather.HIGHEST:
                return [f"{name(self.index)} = None"]
            case Gather.LATEST | Gather.EARLIEST:
                return [f"{name(self.index)} = d{self.index} = None"]

    def take(self, given: Given) -> list[str]:
        """The statements for a row that counts; `x`, `w` and `d` are variables for these alone."""
        own = name(self.index)
        match self.gather:
            case Gather.COUNT:
                return [f"{own} += 1"]
            case Gather.SUM:
                return [f"n{self.index} += 1", self._if_known(given, f"l{self.index}.append(x)")]
            case Gather.AVERAGE if self.op.operands[1] >= 0:
                return [self._if_known(given, f"l{self.index}.append((x, w))")]
            case Gather.AVERAGE:
                return [self._if_known(given, f"l{self.index}.append(x)")]
            case Gather.DISTINCT:
                return [self._if_known(given, f"l{self.index}.add(x)")]
            case Gather.LOWEST:
                return [self._if_known(given, f"{own} = x", f"{own} is None or x < {own}")]
            case Gather.HIGHEST:
                return [self._if_known(given, f"{own} = x", f"{own} is None or x > {own}")]
            case Gather.LATEST | Gather.EARLIEST:
                day = f"d{self.index}"
                sign = ">" if self.gather is Gather.LATEST else "<"
                better = f"{day} is None or d {sign} {day} or (d == {day} and x > {own})"
                return [self._if_known(given, f"{own} = x; {day} = d", better)]

    def _if_known(self, given: Given, action: str, test: str | None = None) -> str:
        asked = []
        for letter, operand in zip("xw_d", self.op.operands, strict=True):
            if letter != "_" and operand >= 0:
                asked.append(f"({letter} := {self.emitter.value(operand, given)}) is not None")
        if test is not None:
            asked.append(f"({test})")
        return f"if {' and '.join(asked)}: {action}"

    def end(self) -> list[str]:
        own, values = name(self.index), f"l{self.index}"
        match self.gather:
            case Gather.SUM:
                # No rows: 0. Rows, but every value missing: missing.
                return [f"{own} = total({values}) if {values} or not n{self.index} else None"]
            case Gather.AVERAGE:
                weighted = "weighted_" if self.op.operands[1] >= 0 else ""
                return [f"{own} = {weighted}average({values})"]
            case Gather.DISTINCT:
                return [f"{own} = len({values})"]
            case _:
                return []
