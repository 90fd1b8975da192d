"""The quick dataclass is what the standard one is: each class here is made by both."""

import copy
import dataclasses
import pickle
from typing import Any

import pytest

from healthdsl import frozen
from healthdsl.model.expressions import Constant
from healthdsl.model.ruleset import Declared, Flag
from healthdsl.model.types import NUMBER, YES_NO


def both(**options: bool) -> tuple[Any, Any]:
    """A class with a default and a field that does not count, by the quick decorator and by the other."""

    def made(decorate: Any) -> Any:
        class Pair:
            """Two names and a remark."""

            one: str
            other: str = "b"
            remark: str = dataclasses.field(default="", compare=False)

        return decorate(frozen=True, slots=True, **options)(Pair)

    return made(frozen.dataclass), made(dataclasses.dataclass)


QUICK, STANDARD = both()


@pytest.mark.parametrize("made", [QUICK, STANDARD])
def test_equality_hash_and_text(made: Any) -> None:
    assert made("a") == made("a", "b", "said") != made("a", "c")
    assert hash(made("a")) == hash(made("a", remark="said"))
    assert made("a") != ("a", "b", "")
    assert repr(made("a", remark="said")).endswith("Pair(one='a', other='b', remark='said')")
    assert {made("a"), made("a", remark="said"), made("b")} == {made("a"), made("b")}


@pytest.mark.parametrize("made", [QUICK, STANDARD])
def test_nothing_changes_it(made: Any) -> None:
    pair = made("a")
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign to field 'one'"):
        pair.one = "c"
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot delete field 'one'"):
        del pair.one
    assert not hasattr(pair, "__dict__")
    assert pair.one == "a"


@pytest.mark.parametrize("made", [QUICK, STANDARD])
def test_fields_replace_and_match(made: Any) -> None:
    assert [field.name for field in dataclasses.fields(made)] == ["one", "other", "remark"]
    assert dataclasses.replace(made("a"), other="c") == made("a", "c")
    match made("a"):
        case made(one, other):
            assert (one, other) == ("a", "b")
        case _:
            pytest.fail("it does not match by place")
    with pytest.raises(TypeError, match="one"):
        made()
    with pytest.raises(TypeError, match="more"):
        made("a", more="c")


@pytest.mark.parametrize("made", both(kw_only=True))
def test_keywords_only(made: Any) -> None:
    assert made(other="c", one="a").other == "c"
    with pytest.raises(TypeError, match="positional"):
        made("a")


@pytest.mark.parametrize("made", both(eq=False, repr=False))
def test_equality_and_text_of_the_base(made: Any) -> None:
    assert made("a") != made("a")
    assert repr(made("a")).startswith("<")


def test_fields_of_the_base_come_first() -> None:
    names = [field.name for field in dataclasses.fields(Flag)]
    assert names[: len(dataclasses.fields(Declared))] == ["span", "text"]


@pytest.mark.parametrize("value", [Constant("a", NUMBER), Constant(None, YES_NO)])
def test_copies_are_equal(value: Constant) -> None:
    assert pickle.loads(pickle.dumps(value)) == copy.copy(value) == copy.deepcopy(value) == value
