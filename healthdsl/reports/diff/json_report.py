"""What changed, as JSON."""

from __future__ import annotations

from dataclasses import asdict

from healthdsl.diff.change import Change, Effect
from healthdsl.reports.diff.model import Compared
from healthdsl.reports.json_report import render_value


def render_diff_json(compared: Compared) -> str:
    """JSON text, ending in a line end. `effect` is the gravest of all changes; `fingerprint_changed` exactly
    when one is more than cosmetic.
    """
    return render_value(
        {
            "old": asdict(compared.old),
            "new": asdict(compared.new),
            "effect": compared.difference.effect.value if compared.difference.changes else None,
            "fingerprint_changed": compared.old.fingerprint != compared.new.fingerprint,
            "counts": {effect.value: len(compared.difference.of(effect)) for effect in Effect},
            "changes": [change_value(change) for change in compared.difference.changes],
        }
    )


def change_value(change: Change) -> dict[str, object]:
    """One change."""
    return {
        "number": change.number,
        "subject": change.subject,
        "kind": change.kind.value,
        "effect": change.effect.value,
        "sentence": change.sentence,
        "old_place": change.old_place,
        "new_place": change.new_place,
    }
