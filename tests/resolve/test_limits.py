"""Long chains, wide knots and rulesets that copy themselves: an answer soon, whatever the text."""

import time

import pytest

from healthdsl.resolve.graphs import in_order, loops, reachable
from healthdsl.resolve.suggest import did_you_mean, listed, nearest
from tests.marks import thinned
from tests.resolve.shared import HEAD, codes, resolved

LENGTH = 4_900


def chain(name: str, first: int, last: int, step: int) -> str:
    return "\n".join(f"signal {name}{i} = {name}{i - 1} + 1" for i in range(first, last, step))


LONG = {
    "chain": (HEAD + "signal s0 count\n" + chain("s", 1, LENGTH, 1) + "\n", []),
    "chain, last first": (HEAD + chain("s", LENGTH, 0, -1) + "\nsignal s0 count\n", []),
    "circle": (HEAD + "".join(f"signal s{i} = s{(i + 1) % LENGTH} + 1\n" for i in range(LENGTH)), ["E220"]),
    "names": (HEAD + "".join(f"signal s{i} count\n" for i in range(5_001)), ["E448"]),
    "unknown names": (
        HEAD + "".join(f"signal s{i} = t{i}_name + 1\n" for i in range(LENGTH)),
        ["E201"] * 100,
    ),
    "circle of sub-tables": (
        HEAD + "".join(f"rows t{i} of t{(i + 1) % LENGTH} where x above {i}\n" for i in range(LENGTH)),
        ["E220"],
    ),
    "copies of copies": (
        HEAD
        + "signal a count\nmeasure a ladder\n  below 3 -> 1\n  otherwise -> 2\n"
        + "".join(
            f"signal b{i} count\nmeasure b{i} like {f'b{i - 1}' if i else 'a'}\n" for i in range(2_000)
        ),
        [],
    ),
    "copies of a long table": (
        HEAD
        + "signal a count\nmeasure a ladder\n"
        + "".join(f"  below {i} -> {i}\n" for i in range(900))
        + "".join(f"signal b{i} count\nmeasure b{i} like a\n" for i in range(1_000)),
        ["E449"],
    ),
    "a long table": (
        HEAD + "signal a count\nmeasure a lookup\n" + "".join(f"  {i} -> {i}\n" for i in range(1_001)),
        ["E458"],
    ),
    "a table just short enough": (
        HEAD + "signal a count\nmeasure a lookup\n" + "".join(f"  {i} -> {i}\n" for i in range(1_000)),
        [],
    ),
    "many variants": (
        HEAD + "signal a count\n" + "".join(f"measure m = a for v{i} when a below {i}\n" for i in range(101)),
        ["E458"],
    ),
    "just few enough variants": (
        HEAD + "signal a count\n" + "".join(f"measure m = a for v{i} when a below {i}\n" for i in range(100)),
        [],
    ),
    "long bands": (
        HEAD
        + "measure a = 1\nbands a\n"
        + "".join(f"  below {i} -> b{i}\n" for i in range(1_000))
        + "  otherwise -> rest\n",
        ["E458"],
    ),
    "measures on top of each other": (
        HEAD + "measure m0 = 1\n" + "".join(f"measure m{i} = points of m{i - 1}\n" for i in range(1, 101)),
        ["E459"],
    ),
    "measures just low enough": (
        HEAD + "measure m0 = 1\n" + "".join(f"measure m{i} = points of m{i - 1}\n" for i in range(1, 100)),
        [],
    ),
    "groups in many conditions": (
        HEAD
        + "signal a count\n"
        + "".join(f"measure m{i} = a + {i}\n" for i in range(500))
        + "group g average\n"
        + "".join(f"  m{i}\n" for i in range(500))
        + "".join(f"flag f{i} when at least 2 of g above {i}\n" for i in range(500)),
        ["E449"],
    ),
    "powers of powers": (HEAD + "signal a = power(power(power(2, 60), 60), 60)\n", ["E315"]),
    "a long product": (HEAD + f"signal a = {' * '.join(['999999999999999'] * 50)}\n", ["E315"]),
}


@pytest.mark.parametrize("name", thinned(LONG))
def test_long_rulesets_get_an_answer(name):
    text, expected = LONG[name]
    started = time.perf_counter()
    assert codes(text) == expected
    # A hundred times what it takes would still not be quadratic; parsing is in it.
    assert time.perf_counter() - started < 10


def test_a_long_circle_is_told_short():
    text, _ = LONG["circle"]
    _, (problem,) = resolved(text)
    assert problem.message.endswith(f"s7 -> .. -> s{LENGTH - 1} -> s0")


def test_in_order():
    needs = {"a": "b", "b": "cd", "c": "d", "d": "", "e": "a"}
    order = in_order(needs, needs.__getitem__)
    assert all(order.index(need) < order.index(one) for one in needs for need in needs[one])
    assert sorted(in_order("ab", {"a": "b", "b": "a"}.__getitem__)) == ["a", "b"]


@pytest.mark.parametrize(
    ("edges", "expected"),
    [
        ({"a": ["b"], "b": []}, []),
        ({"a": ["a"]}, [["a"]]),
        ({"a": ["b"], "b": ["c", "d"], "c": ["a"], "d": ["a", "z"]}, [["a", "b", "c"]]),
        ({"a": ["b"], "b": ["a", "c"], "c": ["d"], "d": ["c"]}, [["c", "d"], ["a", "b"]]),
        ({"x": ["a"], "a": ["b"], "b": ["a"]}, [["a", "b"]]),
    ],
)
def test_loops(edges, expected):
    assert loops(edges) == expected


def test_reachable():
    edges = {"a": ["b"], "b": ["c"], "c": [], "d": ["a"]}
    assert reachable(edges, ["a"]) == {"b", "c"}
    assert reachable(edges, ["d", "a"]) == {"a", "b", "c"}


@pytest.mark.parametrize(
    ("word", "known", "found"),
    [
        ("logins_30", ["logins_7d", "logins_30d"], "logins_30d"),
        ("entreprise", ["free", "enterprise"], "enterprise"),
        ("por", ["free", "pro"], "pro"),
        ("Seats", ["seats"], "seats"),
        ("maximum", ["min", "max"], "max"),
        ("log", ["logins", "seats"], "logins"),
        ("x", ["a", "b"], None),
        ("ab", ["a", "abc"], None),
        ("weather", ["seats", "logins"], None),
    ],
)
def test_nearest(word, known, found):
    assert nearest(word, known) == found


def test_words_of_help():
    assert did_you_mean("seets", ["seats"]) == "did you mean `seats`?"
    assert listed(["a"]) == "`a`"
    assert listed("abc") == "`a`, `b` and `c`"
    assert listed("abcd", most=2) == "`a`, `b` and 2 more"
