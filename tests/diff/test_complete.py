"""Nothing of a ruleset is forgotten: every field of every dataclass of the model is told of."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from fractions import Fraction

import pytest

from healthdsl.diff import facts, nodes, references, rows
from healthdsl.diff.compare import BANDS, FLAG, HEADER, SECTIONS
from healthdsl.model import expressions as e
from healthdsl.model import ruleset as r
from healthdsl.model import types as t
from healthdsl.model.meaning import SAID_ELSEWHERE
from tests.diff.made import ruleset_of

TABLE = r.Table(r.TableKind.LADDER, None, ())
ROW = r.Row(key=r.CurvePoint(Fraction(1)), result=r.Outcome.SKIP)
PART = r.Part(node="a")

# What is told field by field, each with the fields.
TOLD: dict[type, Iterable[str]] = {
    r.Ruleset: {*HEADER, *(section.field for section in SECTIONS)},
    r.Signal: facts.input_tellers(t.NUMBER, t.NUMBER),
    r.Column: facts.input_tellers(t.NUMBER, t.NUMBER),
    r.RowTable: facts.TABLE,
    r.Level: facts.level_tellers("good"),
    r.LevelSet: facts.LEVEL_SET,
    r.RuleNode: nodes.NODE,
    r.Variant: nodes.VARIANT,
    r.Missing: nodes.MISSING,
    r.Needs: nodes.NEEDS,
    r.Guarded: ("condition", "reason", "code"),
    r.Table: rows.table_tellers(TABLE, TABLE),
    r.Distribution: rows.DISTRIBUTION,
    r.Row: rows.row_tellers(ROW, (t.NUMBER, t.NUMBER)),
    r.Formula: nodes.FORMULA,
    r.Combination: nodes.COMBINATION,
    r.Part: nodes.part_tellers(PART),
    r.Step: (*nodes.STEP_CORE, "reason", "code"),
    r.Bands: BANDS,
    r.Flag: FLAG,
}
# What is compared as a whole, by its meaning; tests are told as wholes, too.
WHOLE = {
    *e.Expression.__args__,
    e.AgeWindow,
    r.Declared,
    r.Expiry,
    r.EdgeRung,
    r.Keys,
    r.CurvePoint,
    r.When,
    r.Rest,
    r.Side,
    r.Cell,
    r.Points,
    r.ToLevel,
    r.WeightCase,
    r.GridWeight,
    r.SignalWeight,
    r.Per,
    r.Test,
    r.Expectation,
    t.Type,
}
# Fields without a part in the meaning: places, wording, and what `check` reads. `better` is told nonetheless.
WITHOUT_PART = {
    "span",
    "text",
    "tests",
    "source_name",
    "source_parts",
    "is_dictionary",
    "better",
    "zero_said",
}


def dataclasses_of(module: object) -> list[type]:
    found = vars(module).values()
    return [each for each in found if isinstance(each, type) and dataclasses.is_dataclass(each)]


MODEL = [
    each for module in (r, e, t) for each in dataclasses_of(module) if each.__module__ == module.__name__
]


def test_every_dataclass_of_the_model_is_told_of() -> None:
    assert len(MODEL) > 40
    assert {each.__name__ for each in MODEL} == {each.__name__ for each in {*TOLD, *WHOLE}}


@pytest.mark.parametrize("told", TOLD, ids=lambda told: told.__name__)
def test_every_field_is_told_of(told: type) -> None:
    fields = dataclasses.fields(told)
    wanted = {
        field.name for field in fields if field.compare and (told.__name__, field.name) not in SAID_ELSEWHERE
    }
    assert not wanted - set(TOLD[told])
    assert {field.name for field in fields if not field.compare} <= WITHOUT_PART


def test_every_name_of_another_declaration_is_known() -> None:
    """A field called so holds a reference, and a rename has to reach it."""
    named = {"signal", "after", "node", "table", "levels", "main_score"}
    found = {
        (each.__name__, field.name)
        for each in MODEL
        for field in dataclasses.fields(each)
        if field.name in named and "str" in str(field.type)
    }
    assert found <= set(references.REFERENCES)


def test_a_field_that_nobody_tells_of_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: the weight of a part is forgotten. It is told by its name, and no change is lost."""
    from healthdsl.diff.compare import compare

    forgotten = {name: teller for name, teller in nodes.part_tellers(PART).items() if name != "weight"}
    monkeypatch.setattr(nodes, "part_tellers", lambda part: forgotten)
    text = "ruleset a\n  language 1\n\nsignal x number\n\nmeasure x = x\n\nscore s average\n  2 x\n"
    (change,) = compare(ruleset_of(text), ruleset_of(text.replace("2 x", "3 x"))).changes
    assert change.sentence == "In score s, `weight` is another one."
