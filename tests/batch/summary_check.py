"""The numbers of a book worked out the plain way, account by account in fractions, to check the summary."""

from collections import Counter, defaultdict
from fractions import Fraction
from typing import Any

from healthdsl.explain.amounts import exact, rounded
from healthdsl.explain.better import lower_is_better
from healthdsl.model.expressions import PointsOf
from healthdsl.model.ruleset import Combination, Formula, Method, Table, TableKind
from healthdsl.reports.book.model import ReasonKind


def check_counts(book: Any, results: Any) -> None:
    """Counts that are read off the results as they are."""
    scores = [exact(result.score) for result in results if result.score is not None]
    assert (book.accounts, book.scored) == (len(results), len(scores))
    bands = Counter(result.band for result in results)
    if book.banded_by == "band":
        assert {band.badge.name: band.accounts for band in book.bands if band.badge} == {
            band.badge.name: bands[band.badge.name] for band in book.bands if band.badge
        }
        assert {name for name, number in bands.items() if name and number} <= {
            band.badge.name for band in book.bands if band.badge
        }
    if book.bands:
        assert sum(band.accounts for band in book.bands) == len(results)
    if scores:
        ordered = sorted(scores)
        places = book.score.decimals
        assert book.score.lowest == rounded(ordered[0], places)
        assert book.score.highest == rounded(ordered[-1], places)
        assert book.score.median == rounded(ordered[(len(ordered) + 1) // 2 - 1], places)
        average = Fraction(sum(scores, Fraction(0)), len(scores))
        assert abs(Fraction(book.score.average) - average) <= Fraction(6, 10 ** (places + 1))
        check_histogram(book, results)
    check_raised(book, results)
    check_signals(book, results)
    check_lists(book, results)


def check_histogram(book: Any, results: Any) -> None:
    """Every score is in the bin whose edges hold it, and in the band that it has."""
    histogram = book.histogram
    found: Counter[tuple[int, str | None]] = Counter()
    last = len(histogram.bins) - 1
    for result in results:
        if result.score is None:
            continue
        score = exact(result.score)
        for k, each in enumerate(histogram.bins):
            low = None if each.low is None else Fraction(each.low)
            high = None if each.high is None else Fraction(each.high)
            if histogram.by_value and low is not None and high is not None:
                inside = score == low
            else:
                top = high is None or score < high or (k == last and score == high)
                inside = (low is None or score >= low) and top
            if inside:
                found[k, result.band] += 1
                break
        else:
            raise AssertionError(f"no bin for {score}")
    for k, each in enumerate(histogram.bins):
        for badge, count in zip(histogram.bands, each.counts, strict=True):
            assert count == found[k, badge.name if badge else None], (k, badge)
    assert sum(each.accounts for each in histogram.bins) == book.scored


def check_raised(book, results):
    raised = Counter(name for result in results for name in (*result.flags, *result.plays))
    assert {each.name: each.accounts for each in (*book.flags, *book.plays)} == {
        each.name: raised[each.name] for each in (*book.flags, *book.plays)
    }
    assert set(raised) <= {each.name for each in (*book.flags, *book.plays)}


def check_signals(book, results):
    missing: Counter[str] = Counter()
    expired: Counter[str] = Counter()
    bad: Counter[str] = Counter()
    for result in results:
        for signal in result._compiled.ruleset.signals:
            value, supplied = result.values.get(signal.name), result.values.get(f"{signal.name}__supplied")
            missing[signal.name] += value is None if signal.formula is not None else supplied is not True
            expired[signal.name] += result.values.get(f"{signal.name}__expired") is True
        cells = {error.signal for error in result.errors or ()}
        bad.update({cell for cell in cells if ", row " not in cell})
    found = {each.name: each for each in book.signals if "." not in each.name}
    assert {name: gap.missing for name, gap in found.items() if gap.missing} == +missing
    assert {name: gap.bad for name, gap in found.items() if gap.bad} == +bad
    for name, gap in found.items():
        assert gap.expired == expired[name]


def check_lists(book, results):
    scored = [result for result in results if result.score is not None]
    without = [result for result in results if result.score is None] if book.score is not None else []
    assert [each.id for each in book.unscored] == sorted(result.account_id for result in without)[:20]
    if not scored:
        assert book.worst == book.best == ()
        return
    sign = -1 if book.score.lower_is_better else 1
    ordered = [r.account_id for r in sorted(scored, key=lambda r: (sign * r.score, r.account_id))]
    assert [each.id for each in book.worst] == ordered[: len(book.worst)]
    assert [each.id for each in book.best] == ordered[: -len(book.best) - 1 : -1]
    assert len(book.worst) == min(20, (len(ordered) + 1) // 2)
    assert len(book.best) == min(20, len(ordered) // 2)


# Rules -----------------------------------------------------------------------


def expected_reasons(compiled, results):
    """(node, variant, kind, rule) -> (accounts, points)."""
    accounts: Counter[tuple] = Counter()
    points: dict[tuple, Fraction] = defaultdict(Fraction)
    for result in results:
        for key, amount in _moved(compiled, result.values).items():
            accounts[key] += amount != 0
            points[key] += amount
    return {key: (number, points[key]) for key, number in accounts.items() if number}


def factors(compiled, values):
    """What a point of each node is worth in the main score."""
    ruleset = compiled.ruleset
    nodes = {node.name: node for node in ruleset.nodes}
    found: dict[str, Fraction] = defaultdict(Fraction)

    def walk(name, factor):
        found[name] += factor
        variant = nodes[name].variants[int(values.get(f"{name}__variant", 0))]
        body = variant.body
        if isinstance(body, Formula) and isinstance(body.value, PointsOf):
            walk(body.value.node, factor)
        if not isinstance(body, Combination):
            return
        weights = [exact(values.get(f"{name}__weight_{k + 1}") or 0.0) for k in range(len(body.parts))]
        taken = False
        for part, weight in zip(body.parts, weights, strict=True):
            if not weight:
                continue
            if body.method is Method.AVERAGE:
                walk(part.node, factor * weight / sum(weights))
            elif body.method is Method.TOTAL:
                walk(part.node, factor * weight)
            elif not taken and values[f"{part.node}__points"] == values[f"{name}__base"]:
                taken = True
                walk(part.node, factor)

    if ruleset.main_score and values[f"{ruleset.main_score}__points"] is not None:
        walk(ruleset.main_score, Fraction(1))
    return found


def _best(compiled, output):
    reach = compiled._reaches.get(output)
    low = lower_is_better(compiled.ruleset, compiled.ruleset.main_score)
    best = None if reach is None else (reach.low if low else reach.high)
    if reach is None or best is None or reach.low > reach.high or abs(best) == float("inf"):
        return None, low
    return exact(best), low


def _behind(compiled, values, output):
    best, low = _best(compiled, output)
    value = values.get(output)
    if best is None or value is None:
        return Fraction(0)
    return max(exact(value) - best if low else best - exact(value), Fraction(0))


def _moved(compiled, values):
    found: dict[tuple, Fraction] = defaultdict(Fraction)
    worth = factors(compiled, values)
    for node in compiled.ruleset.nodes:
        factor = worth.get(node.name)
        if not factor:
            continue
        index = int(values.get(f"{node.name}__variant", 0))
        variant, name = node.variants[index], node.name
        lost = -factor * _behind(compiled, values, f"{name}__base")
        if isinstance(variant.body, Table):
            row = int(values[f"{name}__row"])
            if row == -2:
                found[name, index, ReasonKind.POLICY, 0] += lost
            elif row >= 0:
                is_curve = type(variant.body.rows[row].key).__name__ == "CurvePoint"
                place = row if variant.body.kind is TableKind.GRID else variant.body.rows[row].span.line
                key = (ReasonKind.CURVE, 0) if is_curve else (ReasonKind.RULE, place)
                found[(name, index, *key)] += lost
        elif isinstance(variant.body, Formula) and not isinstance(variant.body.value, PointsOf):
            found[name, index, ReasonKind.CURVE, 0] += lost
        before = values.get(f"{name}__base")
        for k, step in enumerate(variant.steps, 1):
            after = values.get(f"{name}__after_{k}")
            if values.get(f"{name}__fired_{k}") is True and after is not None and before is not None:
                change = factor * (exact(after) - exact(before))
                found[name, index, ReasonKind.STEP, step.span.line] += change
            before = after
    return found


def expected_losses(compiled, results):
    """measure -> (points lost, accounts that lose)."""
    accounts: Counter[str] = Counter()
    lost: dict[str, Fraction] = defaultdict(Fraction)
    for result in results:
        worth = factors(compiled, result.values)
        for name, factor in worth.items():
            amount = factor * _behind(compiled, result.values, f"{name}__points")
            lost[name] += amount
            accounts[name] += amount > 0
    return {name: (amount, accounts[name]) for name, amount in lost.items()}
