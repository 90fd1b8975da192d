"""Which form of an explanation a client wants, by its Accept header (RFC 9110, 12.5.1)."""

from __future__ import annotations

from enum import Enum

from healthdsl.serve.problems import Kind, Problem

_MOST_RANGES = 50


class Form(Enum):
    """The forms an explanation is sent in, the preferred one first."""

    JSON = "application/json"
    TEXT = "text/plain"
    MARKDOWN = "text/markdown"
    HTML = "text/html"

    @property
    def header(self) -> bytes:
        charset = "" if self is Form.JSON else "; charset=utf-8"
        return f"{self.value}{charset}".encode("ascii")


def choose(accept: str | None) -> Form:
    """The form of the highest quality; JSON where several are alike. Problem when none is accepted."""
    if accept is None or not accept.strip():
        return Form.JSON
    ranges = [_range(each) for each in accept.split(",")[:_MOST_RANGES]]
    best = max(Form, key=lambda form: _quality(form, ranges))
    if _quality(best, ranges) <= 0:
        known = ", ".join(form.value for form in Form)
        raise Problem(Kind.NOT_ACCEPTABLE, f"explanations are sent as {known}")
    return best


def _quality(form: Form, ranges: list[tuple[str, float]]) -> float:
    """What the most specific range that holds the form says; 0 when none does."""
    quality, how_near = 0.0, 0
    main = form.value.split("/", maxsplit=1)[0]
    for media, stated in ranges:
        near = {form.value: 3, f"{main}/*": 2, "*/*": 1}.get(media, 0)
        if near > how_near:
            quality, how_near = stated, near
    return quality


def _range(text: str) -> tuple[str, float]:
    media, *parameters = (part.strip().lower() for part in text.split(";"))
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return media, float(parameter[2:])
            except ValueError:
                return media, 0.0
    return media, 1.0
