"""Every text in the model is known to be a name of something declared, or not to be one."""

from __future__ import annotations

import dataclasses
import typing

from healthdsl.model import expressions, ruleset
from healthdsl.resolve.together import REFERENCES

PLAIN = {"text", "name", "title", "column", "label", "colour", "word", "reason", "dated", "code"}
"""Names that a thing has itself, and words for people."""
OF_THE_RULESET = {"version", "owner", "account_id", "account_name", "main_score", "source_name"}

VALUES = {"Constant.value", "Signal.default", "Member.choices"}
"""What accounts have."""


def test_no_text_is_forgotten() -> None:
    """A new field that names a declaration must keep it in the ruleset when it comes from a used file."""
    unknown = set()
    for module in (expressions, ruleset):
        for kind in vars(module).values():
            if (
                isinstance(kind, type)
                and dataclasses.is_dataclass(kind)
                and kind.__module__ == module.__name__
            ):
                hints = typing.get_type_hints(kind)
                for field in dataclasses.fields(kind):
                    plain = str in (hints[field.name], *typing.get_args(hints[field.name]))
                    if plain and field.name not in PLAIN | OF_THE_RULESET | REFERENCES.keys():
                        unknown.add(f"{kind.__name__}.{field.name}")
    assert unknown == VALUES
