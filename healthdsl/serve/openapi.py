"""The OpenAPI document, made from the rulesets that are served: a record's schema is its ruleset's own.

Each ruleset has a component for each form of a body, one record or several, so that programs that make a
client of the document give every body a type.
"""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from healthdsl.api import CompiledRuleset
from healthdsl.serve.accept import Form
from healthdsl.serve.exchange import OPEN_ROUTES
from healthdsl.serve.problems import MEDIA_TYPE, Kind
from healthdsl.serve.schemas import Schema, add_schemas, answer_schemas, ref
from healthdsl.serve.settings import Settings
from healthdsl.serve.shelf import Shelf, compiled_of

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
_FORMS = {"record": "request", "records": "batch"}
"""The key of a body that holds what is asked about, and what the component of such a body is called."""


def make_openapi(app: FastAPI, shelf: Shelf, settings: Settings, version: str) -> Schema:
    """The document for one shelf: the pages of `app`, and the POST requests for each ruleset."""
    document: Schema = get_openapi(
        title="healthdsl", version=version, summary="Account health", description=_ABOUT, routes=app.routes
    )
    schemas: Schema = document.setdefault("components", {}).setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):  # FastAPI's, which are never sent
        schemas.pop(name, None)
    add_schemas(schemas, answer_schemas())
    paths: Schema = document["paths"]
    _complete_pages(paths)
    served = [compiled_of(versions[0]) for versions in shelf.rulesets.values()]
    for compiled in served:
        add_schemas(schemas, _request_schemas(compiled, settings))
        for act in ("score", "explain"):
            body = _any_of([compiled], named=False)
            paths[f"/rulesets/{compiled.name}/{act}"] = {"post": _operation(act, body, compiled)}
    if served:
        body = _any_of(served, named=True)
        paths |= {f"/{act}": {"post": _operation(act, body, None)} for act in ("score", "explain")}
    if settings.token is not None:
        _ask_for_token(document)
    return document


def _complete_pages(paths: Schema) -> None:
    """What the GET pages answer besides 200."""
    for path, methods in paths.items():
        answers: Schema = methods["get"]["responses"]
        answers.pop("422", None)
        if path not in OPEN_ROUTES:
            answers["503"] = _problem(Kind.BUSY)
        if "{name}" in path:
            answers["404"] = _problem(Kind.UNKNOWN_RULESET)
        if path in ("/health", "/health/ready"):
            answers["503"] = _problem(Kind.NOT_READY)


def _ask_for_token(document: Schema) -> None:
    """Every operation takes a token, but for those that are open."""
    document["components"]["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
    document["security"] = [{"bearer": []}]
    for path, methods in document["paths"].items():
        for operation in methods.values():
            if path in OPEN_ROUTES:
                operation["security"] = []
            else:
                operation["responses"]["401"] = _problem(Kind.UNAUTHORIZED)


def _request_schemas(compiled: CompiledRuleset, settings: Settings) -> Schema:
    """The components of a ruleset: its record, and the bodies about one or several, named and not."""
    schema = compiled.schema()
    # A title would be taken for the name of the type, and two rulesets may have the same.
    record = {"description": schema["title"], "type": "object", "properties": schema["properties"]}
    found: Schema = {f"record_{compiled.name}": record}
    for named in (False, True):
        for key in _FORMS:
            found[_body_name(compiled, key, named=named)] = _body(compiled, key, settings, named=named)
    return found


def _body_name(compiled: CompiledRuleset, key: str, *, named: bool) -> str:
    return f"{'named_' if named else ''}{_FORMS[key]}_{compiled.name}"


def _any_of(served: list[CompiledRuleset], *, named: bool) -> Schema:
    return {"anyOf": [ref(_body_name(compiled, key, named=named)) for compiled in served for key in _FORMS]}


def _body(compiled: CompiledRuleset, key: str, settings: Settings, *, named: bool) -> Schema:
    """The body of a request about one ruleset; `named`: the path does not say which."""
    record = ref(f"record_{compiled.name}")
    must_say_day = compiled.needs_as_of and settings.as_of is None
    about = {"type": "array", "items": record, "maxItems": settings.limits.records}
    day = {"type": "string" if must_say_day else ["string", "null"], "format": "date"}
    return {
        "type": "object",
        "properties": {
            "ruleset": {"const": compiled.name},
            "version": {"type": ["string", "null"], "description": "Which version; the highest without."},
            "as_of": {**day, "description": "The day to score for."},
            "on_invalid": ref("OnInvalid"),
            key: record if key == "record" else about,
        },
        "required": [*(["ruleset"] if named else []), *(["as_of"] if must_say_day else []), key],
        "additionalProperties": False,
    }


def _operation(act: str, body: Schema, compiled: CompiledRuleset | None) -> Schema:
    about = "" if compiled is None else f" by {compiled.ruleset.title}"
    summary = f"Score accounts{about}" if act == "score" else f"Explain the scores of accounts{about}"
    answer = _scores() if act == "score" else _explanations()
    return {
        "summary": summary,
        "operationId": act if compiled is None else f"{act}_{compiled.name}",
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": {
            "200": {"description": "Done", "content": answer},
            **{str(kind.status.value): _problem(kind) for kind in _REFUSALS},
        },
    }


def _scores() -> Schema:
    return {"application/json": {"schema": {"anyOf": [ref("Score"), ref("Scores")]}}}


def _explanations() -> Schema:
    schema = {"anyOf": [ref("Explanation"), ref("Explanations")]}
    pages = {form.value: {"schema": {"type": "string"}} for form in Form if form is not Form.JSON}
    return {"application/json": {"schema": schema}, **pages}


def _problem(kind: Kind) -> Schema:
    return {"description": kind.title, "content": {MEDIA_TYPE: {"schema": ref("Problem")}}}
