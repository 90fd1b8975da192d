"""The plan as JSON: the model field by field, amounts as numbers."""

from __future__ import annotations

from healthdsl.reports.json_report import render_model
from healthdsl.reports.plan.model import Plan


def render_plan_json(plan: Plan) -> str:
    """JSON text of the whole plan, keys in the order of the model, ending in a line end."""
    return render_model(plan)
