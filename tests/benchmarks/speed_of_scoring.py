"""Scoring against a hand-tuned function and against GoRules ZEN, all three giving the same numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import healthdsl
from tests.benchmarks import scorecard, zen_model
from tests.benchmarks.report import Line
from tests.benchmarks.timing import interleaved

CHECKED = 5_000
TIMED = 200
TIMED_BY_ZEN = 40
ROUNDS = 150

Records = list[dict[str, object]]


def scoring() -> Iterator[Line]:
    """One run of all candidates; AssertionError when they disagree on any record."""
    compiled = healthdsl.loads(scorecard.RULESET, "scorecard-12.health")
    engine = _zen_engine()
    _assert_equal(compiled, engine, scorecard.random_records(CHECKED, seed=12))
    _assert_equal(compiled, None, scorecard.odd_records(CHECKED, seed=13))
    best = interleaved(_tasks(compiled, engine, scorecard.random_records(TIMED, seed=7)), ROUNDS)
    hand = best["hand"]
    yield Line("hand-tuned Python function", f"{_micro(hand)} a record")
    yield Line(
        "score and band, .score(record)",
        _times(best["score"], hand),
        "at most 2.0",
        best["score"] <= 2 * hand,
    )
    yield Line(
        "the whole trace, from what was read",
        _times(best["trace"], hand),
        "at most 3.0",
        best["trace"] <= 3 * hand,
    )
    yield Line(".score(record) and the whole trace", _times(best["both"], hand))
    if engine is None:
        yield Line("GoRules ZEN", "zen-engine is not installed: make bench installs it", "at least 10", False)
        return
    zen = best["zen"] * TIMED / TIMED_BY_ZEN
    yield Line(
        f"GoRules ZEN ({_micro(zen)}), times .score(record)",
        _times(zen, best["score"]),
        "at least 10.0",
        zen >= 10 * best["score"],
    )


def _micro(seconds: float) -> str:
    return f"{seconds / TIMED * 1e6:.2f} us"


def _times(seconds: float, reference: float) -> str:
    return f"{seconds / reference:.2f} times"


def _tasks(
    compiled: healthdsl.CompiledRuleset, engine: object, records: Records
) -> dict[str, Callable[[], object]]:
    hand, score, trace = scorecard.hand_tuned, compiled.score, compiled._program.trace
    results = [score(record) for record in records]

    def by_hand() -> None:
        for record in records:
            _, _ = hand(record)

    def by_score() -> None:
        for record in records:
            result = score(record)
            _, _ = result.score, result.band

    def by_trace() -> None:
        for result in results:
            trace(result.snapshot, None)

    def by_both() -> None:
        for record in records:
            trace(score(record).snapshot, None)

    def by_zen() -> None:
        for record in records[:TIMED_BY_ZEN]:
            engine.evaluate(zen_model.KEY, record)  # type: ignore[attr-defined]

    tasks: dict[str, Callable[[], object]] = {
        "hand": by_hand,
        "score": by_score,
        "trace": by_trace,
        "both": by_both,
    }
    return tasks if engine is None else {**tasks, "zen": by_zen}


def _zen_engine() -> object | None:
    try:
        return zen_model.engine()
    except ImportError:
        return None


def _assert_equal(compiled: healthdsl.CompiledRuleset, engine: object | None, records: Records) -> None:
    for record in records:
        expected = scorecard.hand_tuned(record)
        result = compiled.score(record)
        main = compiled.ruleset.main_score
        found = [
            (result.score, result.band),
            (result.values[f"{main}__points"], result.values[f"{main}__band"]),
        ]
        if engine is not None:
            zen = engine.evaluate(zen_model.KEY, record)["result"]  # type: ignore[attr-defined]
            found.append((zen["score"], zen["band"]))
        assert found == [expected] * len(found), f"{record}: {found}, by hand {expected}"
