"""A body in, an answer out: the whole work of a POST request, without anything of HTTP."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from healthdsl import reports
from healthdsl.serve.accept import Form
from healthdsl.serve.answers import encode, explain_answer, explanation_of, results_of, score_answer
from healthdsl.serve.asked import Asked, check_size, understand
from healthdsl.serve.json_text import read_json
from healthdsl.serve.problems import Kind, Problem
from healthdsl.serve.settings import Settings
from healthdsl.serve.shelf import Shelf

if TYPE_CHECKING:
    from healthdsl.explain.explanation import Explanation

_RENDER: dict[Form, Callable[[Explanation], str]] = {
    Form.TEXT: reports.render_text,
    Form.MARKDOWN: reports.render_markdown,
    Form.HTML: reports.render_html,
}
# A text that a stranger's record had a part in is not to be taken for HTML.
_PAGE_HEADERS = ((b"x-content-type-options", b"nosniff"), (b"vary", b"Accept"))


@dataclass(frozen=True, slots=True)
class Question:
    """A body as it arrived, the ruleset that the path names, and what it is to be answered from."""

    body: bytes
    ruleset: str | None
    shelf: Shelf
    settings: Settings
    form: Form = Form.JSON


@dataclass(frozen=True, slots=True)
class Answer:
    """The body to send, and for the log the ruleset and the number of its records."""

    body: bytes
    ruleset: str
    records: int
    form: Form = Form.JSON
    headers: tuple[tuple[bytes, bytes], ...] = ()


def scored(question: Question) -> Answer:
    """The answer of /score; Problem."""
    asked = _asked(question, question.settings.limits.records)
    text = encode(score_answer(asked, results_of(asked)))
    return Answer(text.encode("ascii"), asked.compiled.name, len(asked.records))


def explained(question: Question) -> Answer:
    """The answer of /explain; Problem."""
    asked = _asked(question, question.settings.limits.explanations)
    if asked.batch and question.form is not Form.JSON:
        detail = f"several explanations are sent as {Form.JSON.value}; ask for one `record`"
        raise Problem(Kind.NOT_ACCEPTABLE, detail)
    results = results_of(asked)
    form = question.form
    if form is Form.JSON:
        text = encode(explain_answer(asked, results))
    else:
        text = _RENDER[form](explanation_of(results[0]))
    body = text.encode("utf-8", "backslashreplace")
    return Answer(body, asked.compiled.name, len(asked.records), form, _PAGE_HEADERS)


def _asked(question: Question, most: int) -> Asked:
    limits = question.settings.limits
    content = read_json(question.body, limits.depth)
    asked = understand(content, question.ruleset, question.shelf, question.settings)
    check_size(asked, most, limits)
    return asked
