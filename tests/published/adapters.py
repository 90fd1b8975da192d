"""How the input of a specification's case becomes a record: renamed and reshaped, never computed.

In: the `input` of one case. Out: the record for the ruleset, as its author would deliver it. `as_of` is no
part of the record; the caller passes it on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Case = Mapping[str, Any]
Record = dict[str, Any]
Adapter = Callable[[Case], Record]

SCANNERS = ("secret", "dependency", "container", "dast", "sast", "coverage_fuzz", "api_fuzz")
ORDINALS = ("first", "second", "third", "fourth", "fifth")


def as_is(case: Case) -> Record:
    return {key: value for key, value in case.items() if key not in ("as_of", "kind")}


def gitlab(case: Case) -> Record:
    """The list of seven scan counts becomes a column a scanner; no list, no column."""
    record = as_is(case)
    counts = record.pop("scans_28d")
    if counts is not None:
        record |= {f"{name}_scans": count for name, count in zip(SCANNERS, counts, strict=True)}
    return record


def mattermost(case: Case) -> Record:
    """Lists of dates and statuses become rows."""
    return {
        "license_start": case["license_start"],
        "license_end": case["license_end"],
        "completed_references": case["completed_references"],
        "tickets": rows("created_on", case["ticket_dates"]),
        "tasks": rows("done_on", case["task_dates"]),
        "risks": rows("status", case["risk_statuses"]),
    }


def nps_rollup(case: Case) -> Record:
    return {**as_is(case), "answers": rows("answer", case["answers"])}


def checks(case: Case) -> Record:
    """The map of checks becomes a column a check."""
    return dict(case["checks"])


def events(case: Case) -> Record:
    """The map of events becomes a column an event; those without points have no column."""
    return dict(case["events"])


def sourcegraph(case: Case) -> Record:
    """Two maps become columns with the map's name before theirs."""
    return {f"{part}_{key}": value for part in ("cloud", "install") for key, value in case[part].items()}


def odoo(case: Case) -> Record:
    """The list of addresses becomes rows."""
    record = as_is(case)
    record["pages"] = rows("url", record.pop("page_urls"))
    return record


def hubspot(case: Case) -> Record:
    """Each group's limit becomes a column; events become rows that carry their group and its decay."""
    record: Record = {"overall_max": case["overall_max"], "events": []}
    for number, group in enumerate(case["groups"], start=1):
        record[f"group_{number}_max"] = group["max"]
        decay = group["decay_pct_per_month"]
        for worth, months in group["events"]:
            record["events"].append(
                {"group_number": number, "worth": worth, "months_ago": months, "lost_a_month": decay}
            )
    return record


def weighted(table: str, key: str) -> Adapter:
    """Pairs of weight and score become rows."""
    return lambda case: {table: [{"weight": weight, "score": score} for weight, score in case[key]]}


def listed(table: str, column: str, key: str) -> Adapter:
    """A plain list becomes rows of one column."""
    return lambda case: {table: rows(column, case[key])}


def natero(case: Case) -> Record:
    """Components become rows with their weight, their metrics rows with the component's name."""
    named = list(zip(ORDINALS, case["components"], strict=False))
    return {
        "components": [{"name": name, "weight": weight} for name, (weight, _) in named],
        "metrics": [{"component": name, "score": score} for name, (_, scores) in named for score in scores],
    }


def rows(column: str, values: list[Any]) -> list[Record]:
    return [{column: value} for value in values]
