"""The form of an account record, for others: as JSON Schema, and as a pydantic model.

Both describe the values as a tool would store them: numbers, `true`, ISO dates. `score` understands a few
text forms besides. Every field may be absent or null, and fields that no signal reads are ignored.
"""

from __future__ import annotations

from collections.abc import Container
from datetime import date
from fractions import Fraction
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from healthdsl.graph.arithmetic import INPUT_LIMIT
from healthdsl.graph.graph import Graph, InputField, TableField
from healthdsl.model.ruleset import Ruleset
from healthdsl.model.types import Kind

if TYPE_CHECKING:
    from pydantic import BaseModel

    RecordModel = type[BaseModel]

_PERCENT = r"^\s*[+-]?(\d{1,40}(\.\d{0,40})?|\.\d{1,40})\s*%\s*$"
_DAY = r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
_TIME = r"([T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)?)?$"


def record_schema(ruleset: Ruleset, graph: Graph) -> dict[str, Any]:
    """The JSON Schema (2020-12) of a record; what it admits, `score` accepts, but for days a month does not
    have.
    """
    properties = _properties(graph.inputs)
    for table in graph.tables:
        properties[table.name] = {
            "type": ["array", "null"],
            "items": {"type": "object", "properties": _properties(table.columns)},
        }
    ids = ("account_id", "id") if ruleset.account_id is None else (ruleset.account_id,)
    names = ("account_name", "name") if ruleset.account_name is None else (ruleset.account_name,)
    for column in (*ids, *names):
        properties.setdefault(column, {"type": ["string", "number", "null"]})
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"An account record for {ruleset.title}",
        "type": "object",
        "properties": properties,
    }


def _properties(fields: tuple[InputField, ...]) -> dict[str, Any]:
    """Fields by column; several signals may read one column, which then has to suit them all."""
    found: dict[str, Any] = {}
    for field in fields:
        described = {"title": field.title, **_describe(field)}
        if field.column in found:
            described = {"allOf": [found[field.column], described]}
        found[field.column] = described
    return found


def _describe(field: InputField) -> dict[str, Any]:
    described = _legal(field)
    return {"anyOf": [described, {"enum": absent_values(field)}]} if field.absent else described


def absent_values(field: InputField) -> list[float | int | str]:
    """What stands for a missing value, as the record has it: numbers as stored, dates as ISO text."""
    found: list[float | int | str] = []
    for value in field.absent:
        if isinstance(value, float):
            stored = float(Fraction(value) / field.scale)
            found.append(int(stored) if stored.is_integer() else stored)
        else:
            found.append(value if isinstance(value, str) else date.fromordinal(value).isoformat())
    return found


def _legal(field: InputField) -> dict[str, Any]:
    match field.type.kind:
        case Kind.YES_NO:
            return {"type": ["boolean", "null"]}
        case Kind.CATEGORY:
            return {"enum": [*field.type.choices, None]}
        case Kind.TEXT:
            return {"type": ["string", "null"]}
        case Kind.DATE:
            return {"type": ["string", "null"], "format": "date", "pattern": _DAY + "$"}
        case Kind.TIMESTAMP:
            return {"type": ["string", "null"], "pattern": _DAY + _TIME}
        case Kind.COUNT | Kind.DAYS:
            return {"type": ["integer", "null"], **_limits(field)}
        case Kind.NUMBER | Kind.MONEY:
            return {"type": ["number", "null"], **_limits(field)}
        case Kind.PERCENT:
            return _percent(field)


def _percent(field: InputField) -> dict[str, Any]:
    """A number as stored; where every percent is legal, text such as `45%` too."""
    number = {"type": ["number", "null"], **_limits(field)}
    if field.low is not None or field.high is not None:
        return number
    return {"anyOf": [number, {"type": "string", "pattern": _PERCENT}]}


def limits(field: InputField) -> tuple[float, float]:
    """The least and the largest number as stored."""
    floor = 0.0 if field.type.kind is Kind.COUNT else -INPUT_LIMIT
    low = floor if field.low is None else max(field.low, floor)
    high = INPUT_LIMIT if field.high is None else min(field.high, INPUT_LIMIT)
    return float(Fraction(low) / field.scale), float(Fraction(high) / field.scale)


def _limits(field: InputField) -> dict[str, float]:
    low, high = (int(limit) if limit.is_integer() else limit for limit in limits(field))
    return {"minimum": low, "maximum": high}


# pydantic --------------------------------------------------------------------


def record_model(ruleset: Ruleset, graph: Graph) -> RecordModel:
    """A pydantic model of a record: fields by signal name, aliases by column.

    `model_dump(by_alias=True)` gives a record that `score` accepts. A name that pydantic keeps for itself
    gets a `_` behind.
    """
    from pydantic import create_model

    fields = _fields(graph.inputs)
    for table in graph.tables:
        fields[_field_name(table.name, fields)] = _rows(ruleset, table)
    for default, column in (("account_id", ruleset.account_id), ("account_name", ruleset.account_name)):
        fields.setdefault(default, (str | int | None, _with_alias(column or default)))
    return create_model(f"{_title(ruleset.name)}Record", __config__=_config(), **fields)


def _config() -> Any:
    from pydantic import ConfigDict

    return ConfigDict(extra="ignore", populate_by_name=True, protected_namespaces=(), frozen=True)


def _fields(inputs: tuple[InputField, ...]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for field in inputs:
        fields[_field_name(field.name, fields)] = _field(field)
    return fields


def _field_name(name: str, used: Container[str]) -> str:
    """The name itself, or with as many `_` behind as make it free."""
    from pydantic import BaseModel

    while name in used or hasattr(BaseModel, name) or name.startswith("_"):
        name = f"{name.lstrip('_')}_"
    return name


def _title(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


def _with_alias(alias: str, **limits: Any) -> Any:
    from pydantic import Field

    return Field(default=None, alias=alias, **limits)


def _rows(ruleset: Ruleset, table: TableField) -> tuple[Any, Any]:
    from pydantic import create_model

    name = f"{_title(ruleset.name)}{_title(table.name)}Row"
    row = create_model(name, __config__=_config(), **_fields(table.columns))
    return (list[row] | None, _with_alias(table.name))


def _field(field: InputField) -> tuple[Any, Any]:
    """The annotation and the pydantic field of an input."""
    from datetime import datetime

    plain = {Kind.YES_NO: bool, Kind.TEXT: str, Kind.DATE: date, Kind.TIMESTAMP: datetime | date}
    alias = _with_alias(field.column, title=field.title)
    absent = (_one_of(tuple(absent_values(field))),) if field.absent else ()
    if field.type.kind is Kind.CATEGORY:
        return (_either(_one_of(field.type.choices), *absent), alias)
    if field.type.kind in plain:
        return (_either(plain[field.type.kind] | None, *absent), alias)
    kind = int if field.type.is_whole else float
    low, high = limits(field)
    bounds = {"ge": low, "le": high, "allow_inf_nan": False}
    if not absent:
        return (kind | None, _with_alias(field.column, title=field.title, **bounds))
    return (_either(_bounded(kind, bounds), *absent), alias)


def _bounded(kind: type[float], bounds: dict[str, Any]) -> Any:
    from typing import Annotated

    from pydantic import Field

    return Annotated[kind, Field(**bounds)] | None


def _either(*kinds: Any) -> Any:
    return reduce(or_, kinds)


def _one_of(choices: tuple[object, ...]) -> Any:
    from typing import Literal

    return Literal[(*choices, None)]
