"""The child process of a user's template: reads one request, writes one answer.

Run by `render_template` only.

In, as JSON on standard input: template, explanation (plain data), escape, seconds. Out, on standard output:
`text`, or `problem` with the `line` of the template. The process limits its own time and memory before it
looks at the template.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from decimal import Decimal
from types import TracebackType
from typing import Any

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from healthdsl.reports.figures import figure

MEMORY = 512 * 1024 * 1024
LONGEST_OUTPUT = 2_000_000
LONGEST_RANGE = 10_000
LONGEST_TEXT = 1_000_000
_NAME = "<template>"
_WIDE = re.compile(r"%[^a-zA-Z%]*(\d{5,}|\*)")

_FILTERS = (
    *("abs", "batch", "capitalize", "count", "d", "default", "dictsort", "e", "escape", "first", "float"),
    *("forceescape", "format", "groupby", "int", "items", "join", "last", "length", "list", "lower", "map"),
    *("max", "min", "reject", "rejectattr", "replace", "reverse", "round", "select", "selectattr", "slice"),
    *("sort", "string", "striptags", "sum", "title", "tojson", "trim", "truncate", "unique", "upper"),
    *("wordcount", "wordwrap"),
)
_MISTAKES = (
    *(TemplateError, ArithmeticError, LookupError, TypeError, ValueError, AttributeError),
    AssertionError,  # some filters assert: `truncate(-1)`
)


class TooLargeError(TemplateError):
    """The template makes something larger than a page."""


class Sandbox(ImmutableSandboxedEnvironment):
    """jinja2's sandbox with fewer names, and arithmetic that cannot make huge texts or numbers."""

    intercepted_binops = frozenset({"*", "**", "%", "+"})

    def __init__(self, escape: bool) -> None:
        super().__init__(autoescape=escape, undefined=StrictUndefined, loader=None, trim_blocks=True)
        self.globals = {"range": _range}
        self.filters = {name: self.filters[name] for name in _FILTERS} | {"amount": _amount}

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        if operator == "**":
            raise SecurityError("powers are not for templates")
        if operator == "*":
            _check_product(left, right)
        if operator == "%" and isinstance(left, str) and _WIDE.search(left):
            raise TooLargeError("a width of more than 9999 is too large")
        result = super().call_binop(context, operator, left, right)
        if isinstance(result, str | list | tuple) and len(result) > LONGEST_TEXT:
            raise TooLargeError("a text or list grows too large")
        return result


def _check_product(left: object, right: object) -> None:
    for repeated, times in ((left, right), (right, left)):
        if (
            isinstance(repeated, str | list | tuple)
            and isinstance(times, int)
            and len(repeated) * times > LONGEST_TEXT
        ):
            raise TooLargeError("a repeated text or list grows too large")
    if isinstance(left, int) and isinstance(right, int) and abs(left) + abs(right) > 10**18:
        raise TooLargeError("a number grows too large")


def _range(*bounds: int) -> range:
    """`range`, up to 10,000 numbers."""
    numbers = range(*bounds)
    if len(numbers) > LONGEST_RANGE:
        raise TooLargeError(f"range is limited to {LONGEST_RANGE:,} numbers")
    return numbers


def _amount(value: object, decimals: int = 0) -> str:
    """`1,234.50`; a dash for none."""
    if value is None or isinstance(value, bool) or not isinstance(value, int | float):
        return figure(None)
    return figure(Decimal(repr(value)), min(max(decimals, 0), 9))


def render(request: Mapping[str, Any]) -> dict[str, object]:
    """The answer to a request."""
    try:
        template = Sandbox(bool(request["escape"])).from_string(request["template"])
        pieces, size = [], 0
        for piece in template.generate(explanation=request["explanation"]):
            size += len(piece)
            if size > LONGEST_OUTPUT:
                return {"problem": f"the output is longer than {LONGEST_OUTPUT:,} characters", "line": None}
            pieces.append(piece)
        text = "".join(pieces)
        text.encode("utf-8")  # half a character (`'\\ud800'`) could be written nowhere
        return {"text": text}
    except TemplateSyntaxError as error:
        return {"problem": error.message or "the template cannot be read", "line": error.lineno}
    except SyntaxError as error:  # of the code that jinja2 makes: more than 20 loops in each other
        return {"problem": error.msg, "line": None}
    except RecursionError as error:
        return {"problem": "the template is nested too deeply", "line": _line(error.__traceback__)}
    except MemoryError:
        return {"problem": "the template needs too much memory", "line": None}
    except _MISTAKES as error:
        return {"problem": _first_line(error), "line": _line(error.__traceback__)}


def _first_line(error: BaseException) -> str:
    said = str(error).splitlines()
    return said[0] if said else type(error).__name__


def _line(traceback: TracebackType | None) -> int | None:
    """The line of the template that was being rendered; jinja2 puts it into the traceback."""
    found = None
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == _NAME:
            found = traceback.tb_lineno
        traceback = traceback.tb_next
    return found


def limit(seconds: float) -> None:
    """Bounds the time and memory of this process, where the system can.

    The parent's clock is there in any case.
    """
    try:
        import resource
    except ImportError:  # Windows
        return
    whole = max(int(seconds) + 1, 1)
    for what, most in ((resource.RLIMIT_CPU, whole), (resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CORE, 0)):
        try:
            resource.setrlimit(what, (most, most))
        except (ValueError, OSError):  # a stricter limit is set already, or the system does not know this one
            continue


def main() -> None:
    """Answer the one request."""
    request = json.loads(sys.stdin.buffer.read())
    limit(float(request["seconds"]))
    answer = json.dumps(render(request))
    sys.stdout.buffer.write(answer.encode("utf-8"))


if __name__ == "__main__":
    main()
