"""What would move it.

For each signal the smallest change of that one alone that reaches a better band, found exactly.

In: the ruleset, its graph, and one account in the graph's own terms. Out: a `Move` for each input signal
and gathered rows that the band depends on. All others stay as they are. For a signal that is unknown: which
value would, if it became known. In the best band already: the smallest change that would leave it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from healthdsl.explain.abstract import Abstract, Numbers, Texts, Truth
from healthdsl.explain.better import ranking, unranked
from healthdsl.explain.changes import Slice, Slicer, all_values, point
from healthdsl.explain.explanation import Move, MoveKind
from healthdsl.explain.freedom import Free, find_free
from healthdsl.explain.move_words import Reached, Said, say_move, say_none
from healthdsl.explain.precision import decimals_of
from healthdsl.explain.score_range import score_range
from healthdsl.explain.search import Answer, Ask, Budget, CutShortError, first_from
from healthdsl.explain.stretch import display_index, known_range
from healthdsl.graph.evaluate import Row
from healthdsl.graph.graph import Graph
from healthdsl.graph.primitives import Primitive
from healthdsl.model.ruleset import RuleNode, Ruleset

MOST_STEPS = 100_000
"""Operations worked out for one signal before its search is cut short: some tenths of a second."""

MOST_STEPS_IN_ALL = 300_000


@dataclass(frozen=True, slots=True)
class _Goal:
    """The band (or level) wanted: any of `names`, worst first.

    `kind` says whether it is better or worse than now.
    """

    node: RuleNode
    output: int
    points: int
    names: tuple[str, ...]
    kind: MoveKind
    aim: str


def find_moves(
    ruleset: Ruleset,
    graph: Graph,
    inputs: Mapping[str, object],
    tables: Mapping[str, Sequence[Row] | None],
    today: int | None = None,
) -> tuple[Move, ...]:
    """The moves of the main score, most useful first.

    `inputs` and `tables` are typed as the input contract says.
    """
    return moves_from(ruleset, graph, all_values(graph, inputs, tables, today))


def moves_from(ruleset: Ruleset, graph: Graph, values: Sequence[object]) -> tuple[Move, ...]:
    """The same, from the value of every operation of the graph; those of rows are not looked at."""
    goal = _goal(ruleset, graph, values)
    if goal is None:
        return ()
    base = [point(value, op) for value, op in zip(values, graph.ops, strict=True)]
    slicer = Slicer.towards(graph, [goal.output, goal.points], base)
    found: list[Move] = []
    left = MOST_STEPS_IN_ALL
    for free in find_free(ruleset, graph):
        piece = slicer.cut(free.op)
        if (
            piece is None
            or goal.output not in piece.order
            or (goal.kind is MoveKind.WORSE and values[free.op] is None)
        ):
            continue
        work = max(len(piece.order), 1)
        budget = Budget(min(MOST_STEPS, left) // work)
        before = budget.left
        found.append(_Search(ruleset, goal, free, piece, values[free.op], budget).move())
        left -= (before - max(budget.left, 0)) * work
    return tuple(sorted(found, key=lambda move: _ORDER.index(move.kind)))


_ORDER = (MoveKind.BETTER, MoveKind.WORSE, MoveKind.KNOWN, MoveKind.NOT_FOUND, MoveKind.OUT_OF_REACH)


def _goal(ruleset: Ruleset, graph: Graph, values: Sequence[object]) -> _Goal | None:
    """What to reach from here; None for a ruleset whose main score has neither bands nor levels."""
    node = _main_node(ruleset)
    if node is None:
        return None
    outputs = {output.name: output.op for output in graph.outputs}
    ranks = ranking(ruleset, node)
    role = "band" if any(bands.node == node.name for bands in ruleset.bands) else "level"
    output, points = outputs.get(f"{node.name}__{role}"), outputs[f"{node.name}__points"]
    if output is None or len(ranks) < 2:
        return None
    at = next((k for k, names in enumerate(ranks) if values[output] in names), -1)
    if at < len(ranks) - 1:
        names = tuple(name for rank in ranks[at + 1 :] for name in rank)
        aim = f"reach a better {role}" if at >= 0 else f"give it a {role}"
        aim = f"lead to another {role}" if at < 0 and values[output] is not None else aim
        return _Goal(node, output, points, names, MoveKind.BETTER, aim)
    beside = unranked(ruleset, node)
    names = (*beside, *(name for rank in ranks[:at] for name in rank))
    aim = f"lead to {'another' if beside else 'a worse'} {role}"
    return _Goal(node, output, points, names, MoveKind.WORSE, aim)


def _main_node(ruleset: Ruleset) -> RuleNode | None:
    """The main score; for a ruleset without one, the first score."""
    if ruleset.main_score is not None:
        return next(node for node in ruleset.nodes if node.name == ruleset.main_score)
    return next((node for node in ruleset.nodes if node.word == "score"), None)


@dataclass(frozen=True, slots=True)
class _Search:
    """The search for one signal."""

    ruleset: Ruleset
    goal: _Goal
    free: Free
    slice: Slice
    current: object
    budget: Budget

    def move(self) -> Move:
        said = Said(self.ruleset, self.goal.node, self.free, self.current, self.goal.aim)
        if not self.budget.spend():
            return say_none(said, MoveKind.NOT_FOUND)
        if self._answer(self._anything()) is Answer.NEVER:
            return say_none(said, MoveKind.OUT_OF_REACH)
        try:
            found = self._among_choices() if self.free.grid is None else self._on_grid()
        except CutShortError:
            return say_none(said, MoveKind.NOT_FOUND)
        if found is None:
            return say_none(said, self._nothing_found())
        kind = MoveKind.KNOWN if self.current is None else self.goal.kind
        return say_move(said, kind, found)

    def _nothing_found(self) -> MoveKind:
        """A text was only tried with the texts the ruleset speaks of."""
        whole = self.free.grid is not None or not self.free.type.is_text or bool(self.free.type.choices)
        return MoveKind.OUT_OF_REACH if whole else MoveKind.NOT_FOUND

    # Asking ------------------------------------------------------------------

    def _answer(self, value: Abstract) -> Answer:
        band = self.slice.run(value).value(self.goal.output)
        assert isinstance(band, Texts)
        if band.choices is None:
            return Answer.SOMETIMES
        wanted = band.choices.intersection(self.goal.names)
        if not wanted:
            return Answer.NEVER
        return Answer.ALWAYS if wanted == band.choices and not band.missing else Answer.SOMETIMES

    def _anything(self) -> Abstract:
        """Every value it may have."""
        grid = self.free.grid
        if grid is not None:
            return Numbers(grid.value(grid.first), grid.value(grid.last))
        if self.free.type.is_text:
            return Texts(frozenset(self.free.type.choices) or None)
        return Truth(true=True, false=True)

    def _reached(self, value: object) -> Reached:
        """Band and points at one value."""
        frame = self.slice.run(point(value, self.slice.graph.ops[self.free.op]))
        band, points = frame.value(self.goal.output), frame.value(self.goal.points)
        assert isinstance(band, Texts)
        assert band.choices is not None
        number = points.low if isinstance(points, Numbers) and not points.empty else None
        return Reached(value, value, 0, (next(iter(band.choices)),), number)

    # Choices -----------------------------------------------------------------

    def _among_choices(self) -> Reached | None:
        """The first choice, in written order, that does it."""
        for choice in self._choices():
            if choice == self.current:
                continue
            if not self.budget.spend():
                raise CutShortError
            if self._answer(point(choice, self.slice.graph.ops[self.free.op])) is Answer.ALWAYS:
                return self._reached(choice)
        return None

    def _choices(self) -> Sequence[object]:
        if not self.free.type.is_text:
            return (True, False)
        return self.free.type.choices or self._texts_spoken_of()

    def _texts_spoken_of(self) -> tuple[str, ...]:
        """The texts that the slice compares with."""
        found: dict[str, None] = {}
        for index in self.slice.order:
            op = self.slice.graph.ops[index]
            if op.primitive is Primitive.MEMBER and isinstance(op.value, tuple):
                found.update(dict.fromkeys(op.value))
            if op.primitive is Primitive.CONTAINS and isinstance(op.value, str):
                found[op.value] = None
            for operand in op.operands if op.primitive is Primitive.EQUAL else ():
                constant = self.slice.graph.ops[operand]
                if constant.primitive is Primitive.CONSTANT and isinstance(constant.value, str):
                    found[constant.value] = None
        return tuple(found)

    # Numbers and dates ---------------------------------------------------------

    def _on_grid(self) -> Reached | None:
        grid = self.free.grid
        assert grid is not None
        ask = self._ask()
        if self.current is None:
            return self._if_known(ask)
        assert isinstance(self.current, int | float)
        at = grid.index(self.current)
        up = first_from(ask, max(at + 1, grid.first), grid.last, self.budget) if at < grid.last else None
        lowest = grid.first if up is None else max(grid.first, at - (up - at) + 1)
        down = first_from(ask, min(at - 1, grid.last), lowest, self.budget) if at > lowest else None
        nearest = up if down is None else down
        if nearest is None:
            return None
        return self._shown(ask, nearest, 1 if nearest > at else -1)

    def _if_known(self, ask: Ask) -> Reached | None:
        grid = self.free.grid
        assert grid is not None
        first = first_from(ask, grid.first, grid.last, self.budget)
        last = None if first is None else first_from(ask, grid.last, first, self.budget)
        if first is None or last is None:
            return None
        said = known_range(grid, ask, first, last, self.budget)
        index = first if said.from_below else last
        reached = self._shown(ask, index, 1 if said.from_below else -1)
        if said.words == "{}":
            return reached
        band = self.slice.run(Numbers(grid.value(first), grid.value(last))).value(self.goal.output)
        assert isinstance(band, Texts)
        bands = [name for name in self.goal.names if band.choices is None or name in band.choices]
        if len(bands) > 1:
            bands = self._bands_reached(bands, first, last)
        scores = self._score_range(first, last) if len(bands) != 1 else None
        return replace(reached, words=said.words, bands=tuple(bands), scores=scores)

    def _bands_reached(self, bands: Sequence[str], first: int, last: int) -> list[str]:
        """Those of the bands that some value reaches, worst first; empty where the search is cut short."""
        found = []
        for name in bands:
            ask = replace(self, goal=replace(self.goal, names=(name,)))._ask()
            try:
                if first_from(ask, first, last, self.budget) is not None:
                    found.append(name)
            except CutShortError:
                return []
        return found

    def _score_range(self, first: int, last: int) -> tuple[Decimal, Decimal] | None:
        return score_range(self._scores, (first, last), self.budget, decimals_of(self.goal.node))

    def _scores(self, low: int, high: int) -> Numbers | None:
        grid = self.free.grid
        assert grid is not None
        points = self.slice.run(Numbers(grid.value(low), grid.value(high))).value(self.goal.points)
        return points if isinstance(points, Numbers) else None

    def _ask(self) -> Ask:
        grid = self.free.grid
        assert grid is not None

        def ask(low: int, high: int) -> Answer:
            return self._answer(Numbers(grid.value(low), grid.value(high)))

        return ask

    def _shown(self, ask: Ask, index: int, sign: int) -> Reached:
        """The found value, and one with few decimals on the far side of it that still does it."""
        grid = self.free.grid
        assert grid is not None
        shown, decimals = display_index(self.free, ask, index, sign, self.current)
        reached = self._reached(grid.value(shown))
        return Reached(grid.value(index), grid.value(shown), decimals, reached.bands, reached.points)
