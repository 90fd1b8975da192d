"""Aggregates over rows as Python: what stands before the loop, in it for a row that counts, and behind it."""

from __future__ import annotations

from dataclasses import dataclass

from healthdsl.backends.record.conditions import Given
from healthdsl.backends.record.emit import Emitter
from healthdsl.backends.record.text import name
from healthdsl.backends.record.totals import Total, stays_finite
from healthdsl.graph.facts import Facts
from healthdsl.graph.graph import Op, gathering
from healthdsl.model.expressions import Gather


@dataclass(frozen=True, slots=True)
class Gathering:
    """One aggregate of a loop; the variables of its own are letters with its number.

    v: the result; l: values in a list; h and g: sums of values and weights; n: rows or known values; k: a
    value is known; d: the day of the result.
    """

    index: int
    op: Op
    emitter: Emitter

    @property
    def gather(self) -> Gather:
        return gathering(self.op)[0]

    @property
    def condition(self) -> int:
        return self.op.operands[2]

    @property
    def weighted(self) -> bool:
        return self.op.operands[1] >= 0

    def _factors(self) -> list[Facts]:
        return [self.emitter.facts(operand) for operand in self.op.operands[:2] if operand >= 0]

    def _listed(self) -> bool:
        """Whether values are kept for a function that looks for overflow."""
        return not stays_finite(*self._factors())

    def _values(self) -> Total:
        return Total(f"h{self.index}", all(facts.whole for facts in self._factors()))

    def _weights(self) -> Total:
        return Total(f"g{self.index}", self._factors()[-1].whole)

    def start(self) -> list[str]:
        match self.gather:
            case Gather.COUNT:
                return [f"{name(self.index)} = 0"]
            case Gather.SUM if self._listed():
                return [f"l{self.index} = []", f"n{self.index} = False"]
            case Gather.AVERAGE if self._listed():
                return [f"l{self.index} = []"]
            case Gather.SUM:
                return [f"n{self.index} = k{self.index} = False", self._values().start()]
            case Gather.AVERAGE if self.weighted:
                return [self._values().start(), self._weights().start()]
            case Gather.AVERAGE:
                return [f"n{self.index} = 0", self._values().start()]
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
                return [f"n{self.index} = True", self._if_known(given, self._add())]
            case Gather.AVERAGE:
                return [self._if_known(given, self._add())]
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

    def _add(self) -> str:
        """One more row of a sum or an average, in the form that `start` began."""
        if self._listed():
            return f"l{self.index}.append({'(x, w)' if self.weighted else 'x'})"
        if self.weighted:
            # Two whole numbers may be Python ints: their product is rounded like that of doubles.
            return f"{self._weights().add('w')}; x = 1.0 * x * w; {self._values().add('x')}"
        known = f"k{self.index} = True" if self.gather is Gather.SUM else f"n{self.index} += 1"
        return f"{known}; {self._values().add('x')}"

    def _if_known(self, given: Given, action: str, test: str | None = None) -> str:
        asked = []
        for letter, operand in zip("xw_d", self.op.operands, strict=True):
            if letter != "_" and operand >= 0:
                asked.append(f"({letter} := {self.emitter.value(operand, given)}) is not None")
        if test is not None:
            asked.append(f"({test})")
        return f"if {' and '.join(asked)}: {action}"

    def end(self) -> list[str]:
        own, values, rows = name(self.index), f"l{self.index}", f"n{self.index}"
        match self.gather:
            # A sum without rows is 0; with rows, but every value missing, it is missing.
            case Gather.SUM if self._listed():
                return [f"{own} = total({values}) if {values} or not {rows} else None"]
            case Gather.SUM:
                return [f"{own} = {self._values().value()} if k{self.index} or not {rows} else None"]
            case Gather.AVERAGE if self._listed():
                return [f"{own} = {'weighted_' if self.weighted else ''}average({values})"]
            case Gather.AVERAGE if self.weighted:
                return [
                    f"{own} = {self._values().value()} / t if snap(t := {self._weights().value()}) else None"
                ]
            case Gather.AVERAGE:
                return [f"{own} = {self._values().value()} / {rows} if {rows} else None"]
            case Gather.DISTINCT:
                return [f"{own} = len({values})"]
            case _:
                return []
