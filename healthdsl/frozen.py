"""`dataclass(frozen=True, slots=True)` for modules of many small classes.

The decorator of the standard library writes and compiles six methods for each class; for the 130 classes of
nodes and of the model that was a quarter of the time `healthdsl check` takes on 200 lines. Here `__init__`
alone is compiled, and what compares, hashes, shows and protects is shared. What comes out is a dataclass:
`fields`, `replace`, `match`, copying and pickling work as ever, and type checkers see the standard one.

Not for classes with a `default_factory`, `__post_init__` or `init=False`: none of these modules has any.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NoReturn

Values = Callable[[Any], Any]


def _quick_dataclass(
    *,
    frozen: bool,
    slots: bool,
    kw_only: bool = False,
    eq: bool = True,
    repr: bool = True,  # noqa: A002 -- as the standard one calls it
) -> Callable[[type], type]:
    """The decorator; `eq` and `repr` False leave equality, hash and text to the base class."""
    assert frozen
    assert slots

    def decorate(cls: type) -> type:
        made: type = dataclasses.dataclass(init=False, repr=False, eq=False, slots=True, kw_only=kw_only)(cls)
        fields = dataclasses.fields(made)
        methods: dict[str, Callable[..., object]] = {
            "__init__": _init(fields),
            "__setattr__": _refuse_value,
            "__delattr__": _refuse_deletion,
            "__getstate__": _state,
            "__setstate__": _set_state,
        }
        if eq:
            methods |= _equality([field.name for field in fields if field.compare])
        if repr:
            methods["__repr__"] = _shown
        for name, method in methods.items():
            setattr(made, name, method)
        return made

    return decorate


def _init(fields: tuple[dataclasses.Field[Any], ...]) -> Callable[..., object]:
    """A function that takes the fields as dataclasses do, keywords last, and sets each slot."""
    scope: dict[str, Any] = {"put": object.__setattr__}
    parameters = ["self", *(_parameter(field, scope) for field in fields if not field.kw_only)]
    keywords = [_parameter(field, scope) for field in fields if field.kw_only]
    parameters += ["*", *keywords] if keywords else []
    body = [f" put(self, '{field.name}', {field.name})" for field in fields] or [" pass"]
    source = "\n".join([f"def __init__({', '.join(parameters)}):", *body])
    exec(source, scope)  # noqa: S102 - made of names of fields of this package
    made: Callable[..., object] = scope["__init__"]
    return made


def _parameter(field: dataclasses.Field[Any], scope: dict[str, Any]) -> str:
    if field.default is dataclasses.MISSING:
        return field.name
    scope[f"default_{field.name}"] = field.default
    return f"{field.name}=default_{field.name}"


def _equality(names: list[str]) -> dict[str, Callable[..., object]]:
    """Equality and hash over some fields, of objects of one class."""
    values: Values = attrgetter(*names) if names else lambda _: ()

    def equal(one: object, other: object) -> bool:
        return values(one) == values(other) if other.__class__ is one.__class__ else NotImplemented

    def hashed(one: object) -> int:
        return hash(values(one))

    return {"__eq__": equal, "__hash__": hashed}


def _names(one: Any) -> list[str]:
    return [field.name for field in dataclasses.fields(one)]


def _shown(one: object) -> str:
    shown = ", ".join(f"{name}={getattr(one, name)!r}" for name in _names(one))
    return f"{type(one).__qualname__}({shown})"


def _refuse_value(_: object, name: str, __: object) -> NoReturn:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_deletion(_: object, name: str) -> NoReturn:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


def _state(one: object) -> list[object]:
    return [getattr(one, name) for name in _names(one)]


def _set_state(one: object, state: list[object]) -> None:
    for name, value in zip(_names(one), state, strict=True):
        object.__setattr__(one, name, value)


if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass  # noqa: PLC0414 -- to be imported from here
else:
    dataclass = _quick_dataclass
