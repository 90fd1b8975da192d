"""The parts of the OpenAPI document that are the same for all rulesets: what is answered, and how."""

from __future__ import annotations

from typing import Any

from healthdsl.explain.explanation import Explanation

Schema = dict[str, Any]


def add_schemas(schemas: Schema, more: Schema) -> None:
    """Put more components among those that are there."""
    # Invariant: a name means one thing in the whole document. A ruleset's components begin in small letters.
    assert not schemas.keys() & more.keys(), schemas.keys() & more.keys()
    schemas |= more


def answer_schemas() -> Schema:
    """The components of what POST requests are answered with."""
    explanation = Explanation.model_json_schema(
        mode="serialization", ref_template="#/components/schemas/{model}"
    )
    parts = explanation.pop("$defs", {})
    return {
        **parts,
        "Explanation": explanation,
        "Explanations": _object({**_HEAD, "explanations": _list(ref("Explanation"))}),
        "Score": _object({**_ROW, **_HEAD}),
        "ScoreOfBatch": _object(_ROW),
        "Scores": _object({**_HEAD, "results": _list(ref("ScoreOfBatch"))}),
        "ScoredBy": _object({"name": _TEXT, "version": _TEXT, "fingerprint": _TEXT}),
        "OnInvalid": {"type": "string", "enum": ["raise", "missing"], "default": "raise"},
        "Problem": _PROBLEM,
        "IllegalValue": _WRONG,
    }


def ref(name: str) -> Schema:
    """The component of a name."""
    return {"$ref": f"#/components/schemas/{name}"}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _object(properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties)}


_TEXT: Schema = {"type": "string"}
_MAYBE_TEXT: Schema = {"type": ["string", "null"]}
_MAYBE_NUMBER: Schema = {"type": ["number", "null"]}
_TEXTS = _list(_TEXT)
_HEAD: Schema = {"ruleset": ref("ScoredBy"), "as_of": {"type": ["string", "null"], "format": "date"}}
_ROW: Schema = {
    "account_id": _MAYBE_TEXT,
    "account_name": _MAYBE_TEXT,
    "score": _MAYBE_NUMBER,
    "band": _MAYBE_TEXT,
    "coverage": _MAYBE_NUMBER,
    "parts": {"type": "object", "additionalProperties": _MAYBE_NUMBER},
    "levels": {"type": "object", "additionalProperties": _MAYBE_TEXT},
    "bands": {"type": "object", "additionalProperties": _MAYBE_TEXT},
    "flags": _TEXTS,
    "plays": _TEXTS,
    "notes": _TEXTS,
}
_WRONG: Schema = {
    "type": "object",
    "properties": {
        "index": {"type": "integer", "description": "The record's place among `records`, from 0."},
        "account": _MAYBE_TEXT,
        "signal": _MAYBE_TEXT,
        "found": _TEXT,
        "expected": _TEXT,
    },
    "required": ["account", "signal", "found", "expected"],
}
_PROBLEM: Schema = {
    "type": "object",
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": _TEXT,
        "status": {"type": "integer"},
        "detail": _TEXT,
        "request_id": _TEXT,
        "errors": _list(ref("IllegalValue")),
        "error_count": {"type": "integer"},
    },
    "required": ["type", "title", "status", "detail", "request_id"],
}
