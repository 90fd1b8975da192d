"""One ruleset beside its mutants: which outputs they change, and for which accounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from healthdsl.graph.graph import Output
from healthdsl.graph.lower import lower_ruleset
from healthdsl.model.ruleset import Ruleset
from healthdsl.testing.mutants.columns import Case, Columns, Numbering
from healthdsl.testing.runner import Asked, asking

_NOTICED = frozenset({"points", "level", "band", "flag"})

Outputs = Mapping[str, int]
"""The number of the operation behind each output."""


@dataclass(frozen=True, slots=True)
class Difference:
    """An output that the mutant changes for an account."""

    output: str
    before: object
    after: object


class Lab:
    """`noticed` are the outputs that people see and tests speak of: points, levels, bands, flags, plays."""

    def __init__(self, ruleset: Ruleset, conditions: Asked) -> None:
        self.ruleset = ruleset
        self.numbering = Numbering()
        self._conditions = conditions
        graph = lower_ruleset(asking(ruleset, conditions))
        self.outputs: Outputs = self.numbering.enter(graph)
        self.noticed = tuple(output.name for output in graph.outputs if _is_noticed(output))

    def enter(self, mutated: Ruleset) -> Outputs:
        return self.numbering.enter(lower_ruleset(asking(mutated, self._conditions)))

    def what_changes(self, outputs: Outputs) -> Outputs:
        """Of what is noticed, the outputs that another operation stands behind."""
        return {name: outputs[name] for name in self.noticed if outputs[name] != self.outputs[name]}

    def tells(self, columns: Columns, changed: Outputs) -> dict[int, tuple[Difference, ...]]:
        """The accounts for which a mutant gives anything else, by their place, with what differs."""
        found: dict[int, list[Difference]] = {}
        for name, number in changed.items():
            pairs = zip(columns.kept_column(self.outputs[name]), columns.column(number), strict=True)
            for at, (old, new) in enumerate(pairs):
                if old != new:
                    found.setdefault(at, []).append(Difference(name, old, new))
        return {at: tuple(found[at]) for at in sorted(found)}

    def columns(self, cases: Sequence[Case]) -> Columns:
        return Columns(self.numbering, cases)


def _is_noticed(output: Output) -> bool:
    return output.role in _NOTICED
