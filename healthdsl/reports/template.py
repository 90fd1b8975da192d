"""Templates of users: jinja2 in a sandbox, in a process of its own that is ended when it takes too much.

The sandbox keeps a template from code and files; no loader means no file can be named. What a sandbox
cannot promise is an end (a loop in a loop in a loop) or a size (`'%1000000000d'`), so the template runs in
a child process with limits on time, memory and output, which sees nothing but the explanation as JSON data,
with control characters made harmless.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

from healthdsl.explain.explanation import Explanation
from healthdsl.reports.clean import clean

SECONDS = 10.0
LONGEST_TEMPLATE = 200_000
"""In characters. A page that people write has a hundredth of it."""


class TemplateProblem(ValueError):  # noqa: N818  it is the user's template that has the problem
    """The template cannot be rendered. `line` is where, None where nobody can tell."""

    def __init__(self, message: str, line: int | None = None) -> None:
        self.message = message
        self.line = line
        super().__init__(message, line)

    def __str__(self) -> str:
        return self.message if self.line is None else f"line {self.line}: {self.message}"


def render_template(
    explanation: Explanation, template_text: str, *, html: bool | None = None, seconds: float = SECONDS
) -> str:
    """The template filled with `explanation`, whose fields are those of the JSON report.

    TemplateProblem when it fails.

    `html` says whether to escape what is filled in; by default it is for a template that holds a closing
    tag. At most `seconds` of work are spent on it, in a process of its own that is ended 5 seconds later.
    """
    if len(template_text) > LONGEST_TEMPLATE:
        raise TemplateProblem(f"the template is longer than {LONGEST_TEMPLATE:,} characters")
    escape = "</" in template_text if html is None else html
    data = _harmless(explanation.model_dump(mode="json"))
    asked = json.dumps({"template": template_text, "explanation": data, "escape": escape, "seconds": seconds})
    answer = _run_child(asked, seconds)
    if "problem" in answer:
        line = answer.get("line")
        raise TemplateProblem(str(answer["problem"]), line if isinstance(line, int) else None)
    return str(answer["text"])


def _harmless(value: object) -> object:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {key: _harmless(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_harmless(inner) for inner in value]
    return value


def _run_child(asked: str, seconds: float) -> dict[str, object]:
    """The child's answer; what ends without one was ended by its limits."""
    command = [sys.executable, "-m", "healthdsl.reports.sandbox"]
    try:
        done = subprocess.run(  # noqa: S603  our own module, in our own interpreter, data on its standard input
            command,
            input=asked.encode("utf-8"),
            capture_output=True,
            timeout=seconds + 5.0,
            env=_environment(),
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise TemplateProblem(f"the template took longer than {seconds:g} seconds") from None
    except OSError as error:
        raise TemplateProblem(f"the sandbox for templates could not be started: {error.strerror}") from None
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise TemplateProblem("the template was stopped: it took too much time or memory")
    return answer


def _environment() -> dict[str, str]:
    """The way to this package and what an interpreter needs to start; nothing else of ours is handed on."""
    kept = {name: os.environ[name] for name in ("SYSTEMROOT", "LD_LIBRARY_PATH") if name in os.environ}
    return {**kept, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "PYTHONUTF8": "1"}
