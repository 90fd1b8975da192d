"""Scorecard-12 for GoRules ZEN, as a JDM graph: expressions, and decision tables for the first match and the
bands.

Point rules, curves and weights are expressions in one node, each computed once; a missing value is null.
"""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

KEY = "scorecard.json"

_USAGE = {
    "u": "utilisation == null ? 0 : utilisation >= 0.9 ? 300 : "
    "utilisation >= 0.6 ? 210 + (utilisation - 0.6) * 300 : "
    "utilisation > 0.2 ? (utilisation - 0.2) * 525 : 0",
    "b": "breadth == null ? 0 : breadth >= 0.5 ? 200 : breadth > 0.1 ? (breadth - 0.1) * 500 : 0",
    "l": "logins == null ? 0 : logins >= 20 ? 100 : logins >= 5 ? 60 + (logins - 5) * 40 / 15 : logins * 12",
    "known": "(utilisation == null ? 0 : 3) + (breadth == null ? 0 : 2) + (logins == null ? 0 : 1)",
}
_SUPPORT = {
    "csat_good": "csat == null ? 0 : (csat >= 4.5 ? 20 : 0) + (csat < 3 ? -20 : 0) + "
    "(tickets != null and tickets == 0 and csat >= 4 ? 10 : 0)",
    "load": "((tickets != null and tickets > 5) or (csat != null and csat < 2) ? -10 : 0) + "
    "(tickets != null and tickets > 10 and has_sponsor == false ? -15 : 0)",
    "age": "tenure == null ? 0 : (has_sponsor == true and tenure > 365 ? 10 : 0) + (tenure < 90 ? -5 : 0)",
    "size": "plan != null and plan != 'free' and seats != null and seats >= 50 ? 5 : 0",
    "blank": "csat == null and tickets == null and has_sponsor == null and tenure == null and "
    "plan == null and seats == null",
}
_END = {
    "support": "$.csat_good + $.load + $.age + $.size + 50",
    "held": "$.support < 0 ? 0 : $.support > 100 ? 100 : $.support",
    "points": "($.known == 0 ? 0 : 40 * ($.u + $.b + $.l) / $.known) + ($.blank ? 0 : 25 * $.held) + "
    "(fit == null ? 0 : 15 * fit) + (nps == null ? 0 : (nps + 100) * 10)",
    "weight": "($.known == 0 ? 0 : 40) + ($.blank ? 0 : 25) + "
    "(fit == null ? 0 : 15) + (nps == null ? 0 : 20)",
    "base": "$.weight == 0 ? null : $.points / $.weight",
    "fined": "$.base == null ? null : renewal_in != null and renewal_in >= 0 and renewal_in <= 60 and "
    "has_sponsor == false ? $.base - 15 : $.base",
    "capped": "$.fined == null ? null : overdue != null and overdue > 60 and $.fined > 40 ? 40 : $.fined",
    "score": "$.capped == null ? null : "
    "floor(($.capped < 0 ? 0 : $.capped > 100 ? 100 : $.capped) + 0.500000001)",
}
_FIT = [
    ("plan == 'enterprise' and seats != null and seats >= 500", "100"),
    ("plan == 'enterprise'", "85"),
    ("plan == 'pro' and seats != null and seats >= 100", "70"),
    ("plan == 'pro'", "55"),
    ("seats != null and seats >= 20", "35"),
    ("plan != null or seats != null", "20"),
    ("", "null"),
]
_BANDS = [
    ("score == null", "null"),
    ("score < 40", "'critical'"),
    ("score < 60", "'at_risk'"),
    ("score < 75", "'neutral'"),
    ("", "'healthy'"),
]


def model() -> dict[str, Any]:
    """The graph: request, first match, expressions, bands, response."""
    expressions = {**_USAGE, **_SUPPORT, **_END}
    listed = [{"id": key, "key": key, "value": value} for key, value in expressions.items()]
    nodes = [
        {"id": "in", "type": "inputNode", "name": "request"},
        _table("fit", _FIT),
        {
            "id": "sums",
            "type": "expressionNode",
            "name": "sums",
            "content": {"expressions": listed, "passThrough": True, "executionMode": "single"},
        },
        _table("band", _BANDS),
        {"id": "out", "type": "outputNode", "name": "response"},
    ]
    path = ["in", "fit", "sums", "band", "out"]
    edges = [{"id": f"{a}-{b}", "type": "edge", "sourceId": a, "targetId": b} for a, b in pairwise(path)]
    return {"nodes": nodes, "edges": edges}


def _table(field: str, rows: list[tuple[str, str]]) -> dict[str, Any]:
    return {
        "id": field,
        "type": "decisionTableNode",
        "name": field,
        "content": {
            "hitPolicy": "first",
            "passThrough": True,
            "executionMode": "single",
            "inputs": [{"id": "if", "name": "If"}],
            "outputs": [{"id": "then", "name": "Then", "field": field}],
            "rules": [
                {"_id": f"{field}{k}", "if": condition, "then": result}
                for k, (condition, result) in enumerate(rows)
            ],
        },
    }


def engine() -> Any:
    """A ZEN engine that has the graph loaded (static loader)."""
    import zen

    content = json.loads(json.dumps(model()))
    return zen.ZenEngine({"loader": {"type": "static", "content": {KEY: content}}})
