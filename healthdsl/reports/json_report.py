"""The explanation as JSON: the models field by field, amounts as numbers whose digits add up."""

from __future__ import annotations

import json
import re

from healthdsl.explain.explanation import Explanation, Model
from healthdsl.reports.history.model import Trend

# The json module leaves these as they are, and a terminal may obey them: DEL and C1 controls, marks of
# direction, line separators, lone surrogates.
_STEERING = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def render_json(explanation: Explanation, trend: Trend | None = None) -> str:
    """JSON text of the whole explanation, keys in the order of the models, ending in a line end; with the
    score over time under `trend`, if that is known.
    """
    if trend is None:
        return render_model(explanation)
    return render_value({**explanation.model_dump(mode="json"), "trend": trend.model_dump(mode="json")})


def render_model(model: Model) -> str:
    """JSON text of any report's model."""
    return render_value(model.model_dump(mode="json"))


def render_value(value: object) -> str:
    """JSON text of plain values, ending in a line end."""
    text = json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False)
    return _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n"
