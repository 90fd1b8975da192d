"""The OpenAPI document, made from the rulesets that are served: a record's schema is its ruleset's own."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from healthdsl.api import CompiledRuleset
from healthdsl.explain.explanation import Explanation
from healthdsl.serve.accept import Form
from healthdsl.serve.problems import MEDIA_TYPE, Kind
from healthdsl.serve.settings import Settings
from healthdsl.serve.shelf import RulesetFile, Shelf, compiled_of

Schema = dict[str, Any]
_ABOUT = """\
Scores and explains accounts by rulesets. The documents change with the rulesets: ask again after a reload.
Every answer has `X-Request-ID`; everything that is wrong is a problem document (RFC 9457)."""
_REFUSALS = (
    Kind.NOT_JSON,
    Kind.UNKNOWN_RULESET,
    Kind.METHOD,
    Kind.NOT_ACCEPTABLE,
    Kind.TIMEOUT,
    Kind.TOO_LARGE,
    Kind.MEDIA_TYPE,
    Kind.INVALID_RECORD,
    Kind.BUSY,
)


def make_openapi(app: FastAPI, shelf: Shelf, settings: Settings, version: str) -> Schema:
    """The document for one shelf: the pages of `app`, and the POST requests for each ruleset."""
    document: Schema = get_openapi(
        title="healthdsl", version=version, summary="Account health", description=_ABOUT, routes=app.routes
    )
    names = {name: _schema_name(versions) for name, versions in shelf.rulesets.items()}
    schemas: Schema = document.setdefault("components", {}).setdefault("schemas", {})
    schemas |= _common_schemas()
    paths: Schema = document["paths"]
    asked = [_body(schema, name, settings) for name, schema in names.items()]
    if asked:
        paths |= {
            f"/{act}": {"post": _operation(act, {"anyOf": asked}, None)} for act in ("score", "explain")
        }
    for name, versions in shelf.rulesets.items():
        compiled = compiled_of(versions[0])
        schemas[names[name]] = _record_schema(compiled)
        body = _body(names[name], None, settings, needs_as_of=_must_say_day(compiled, settings))
        for act in ("score", "explain"):
            paths[f"/rulesets/{name}/{act}"] = {"post": _operation(act, body, compiled)}
    if settings.token is not None:
        document["components"]["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
        document["security"] = [{"bearer": []}]
    return document


def _schema_name(versions: tuple[RulesetFile, ...]) -> str:
    return f"record_{compiled_of(versions[0]).name}"


def _record_schema(compiled: CompiledRuleset) -> Schema:
    schema = compiled.schema()
    return {key: value for key, value in schema.items() if key != "$schema"}


def _must_say_day(compiled: CompiledRuleset, settings: Settings) -> bool:
    return compiled.needs_as_of and settings.as_of is None


def _body(schema: str, name: str | None, settings: Settings, *, needs_as_of: bool = False) -> Schema:
    """The body of a request about one ruleset; `name` where the path does not say which."""
    record = _ref(schema)
    properties: Schema = {
        "version": {"type": ["string", "null"], "description": "Which version; the highest without."},
        "as_of": {"type": ["string", "null"], "format": "date", "description": "The day to score for."},
        "on_invalid": {"enum": ["raise", "missing"], "default": "raise"},
        "record": record,
        "records": {"type": "array", "items": record, "maxItems": settings.limits.records},
    }
    required = ["as_of"] if needs_as_of else []
    if name is not None:
        properties = {"ruleset": {"const": name}, **properties}
        required = ["ruleset"]
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "oneOf": [{"required": ["record"]}, {"required": ["records"]}],
        "additionalProperties": False,
    }


def _operation(act: str, body: Schema, compiled: CompiledRuleset | None) -> Schema:
    about = "" if compiled is None else f" by {compiled.ruleset.title}"
    summary = f"Score accounts{about}" if act == "score" else f"Explain the scores of accounts{about}"
    answer = _scores() if act == "score" else _explanations()
    refusals = {str(kind.status.value): _problem(kind.title) for kind in _REFUSALS}
    refusals["401"] = _problem(Kind.UNAUTHORIZED.title)
    return {
        "summary": summary,
        "operationId": act if compiled is None else f"{act}_{compiled.name}",
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": {"200": {"description": "Done", "content": answer}, **refusals},
    }


def _scores() -> Schema:
    return {"application/json": {"schema": {"anyOf": [_ref("Score"), _ref("Scores")]}}}


def _explanations() -> Schema:
    schema = {"anyOf": [_ref("Explanation"), _ref("Explanations")]}
    pages = {form.value: {"schema": {"type": "string"}} for form in Form if form is not Form.JSON}
    return {"application/json": {"schema": schema}, **pages}


def _problem(title: str) -> Schema:
    return {"description": title, "content": {MEDIA_TYPE: {"schema": _ref("Problem")}}}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _common_schemas() -> Schema:
    explanation = Explanation.model_json_schema(
        mode="serialization", ref_template="#/components/schemas/{model}"
    )
    parts = explanation.pop("$defs", {})
    head = {
        "ruleset": _object({"name": _TEXT, "version": _TEXT, "fingerprint": _TEXT}),
        "as_of": {"type": ["string", "null"], "format": "date"},
    }
    return {
        **parts,
        "Explanation": explanation,
        "Explanations": _object({**head, "explanations": {"type": "array", "items": _ref("Explanation")}}),
        "Score": _object({**_ROW, **head}),
        "Scores": _object({**head, "results": {"type": "array", "items": _object(_ROW)}}),
        "Problem": _PROBLEM,
    }


def _object(properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties)}


_TEXT: Schema = {"type": "string"}
_MAYBE_TEXT: Schema = {"type": ["string", "null"]}
_MAYBE_NUMBER: Schema = {"type": ["number", "null"]}
_TEXTS: Schema = {"type": "array", "items": _TEXT}
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
        "errors": {"type": "array", "items": _WRONG},
        "error_count": {"type": "integer"},
    },
    "required": ["type", "title", "status", "detail", "request_id"],
}
