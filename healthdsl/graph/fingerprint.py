"""The fingerprint of a ruleset: equal for equal meaning, whatever its layout and comments."""

from __future__ import annotations

import dataclasses
import json
from enum import Enum
from fractions import Fraction
from hashlib import sha256

from healthdsl.model.ruleset import Ruleset

DIGITS = 12


def fingerprint(ruleset: Ruleset) -> str:
    """12 hexadecimal digits of the canonical form; places, source wording and tests take no part."""
    canonical = json.dumps(_canonical(ruleset), ensure_ascii=True, separators=(",", ":"))
    return sha256(canonical.encode("ascii")).hexdigest()[:DIGITS]


def _canonical(value: object) -> object:
    """`value` as lists and texts in which every scalar tells its type; fields without a part in equality left
    out.
    """
    if isinstance(value, tuple):
        return [_canonical(item) for item in value]
    if isinstance(value, Enum):
        return ["enum", type(value).__name__, value.value]
    if value is None or isinstance(value, bool | int | str):
        return [type(value).__name__, value]
    if isinstance(value, Fraction):
        return ["Fraction", str(value)]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = [field.name for field in dataclasses.fields(value) if field.compare]
        return [type(value).__name__, *(_canonical(getattr(value, name)) for name in fields)]
    raise TypeError(f"a ruleset holds no {type(value).__name__}")
