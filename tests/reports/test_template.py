"""Templates of strangers: useful things work, and nothing they try runs long, grows large or reaches out."""

import time

import pytest

from healthdsl.reports import TemplateProblem, render_template
from healthdsl.reports.sandbox import render
from tests.marks import thinned
from tests.reports.pages import NORTHWIND, TRICKY

DATA = NORTHWIND.model_dump(mode="json")


def test_a_template_sees_the_fields_of_the_json_report():
    text = """Dear {{ explanation.account.name }},
{% for score in explanation.scores %}
{{ score.title }}: {{ score.score | amount(1) }} ({{ score.band.label }})
{% endfor %}
{% for part in explanation.scores[0].parts if part.lost %}
- {{ part.title }} lost {{ part.lost | amount }}
{% endfor %}
"""
    assert render_template(NORTHWIND, text) == (
        "Dear Northwind Traders,\nHealth: 80.0 (Healthy)\n- Usage lost 10\n- Urgent tickets lost 10\n"
    )


def test_html_templates_are_escaped_and_others_are_not():
    name = "{{ explanation.account.name }}"
    assert "&lt;script&gt;" in render_template(TRICKY, f"<p>{name}</p>")
    assert "<script>" in render_template(TRICKY, name)
    assert "&lt;script&gt;" in render_template(TRICKY, name, html=True)


def test_control_characters_of_data_do_not_get_through():
    assert "\x1b" not in render_template(TRICKY, "{{ explanation }}")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a\n{% for x in %}", 2),
        ("a\nb\n{{ explanation.nothing }}", 3),
        ("{{ unknown_name }}", 1),
        ("\n\n{{ 1 / 0 }}", 3),
        ("{% include '/etc/passwd' %}", 1),
        ("{% import '/etc/passwd' as x %}", 1),
        ("{% extends 'base' %}", 1),
        ("\n{{ explanation.account | nosuchfilter }}", 2),
    ],
)
def test_mistakes_name_the_line(text, line):
    with pytest.raises(TemplateProblem) as problem:
        render_template(NORTHWIND, text)
    assert problem.value.line == line
    assert str(problem.value).startswith(f"line {line}: ")
    assert "Traceback" not in str(problem.value)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{{ '\\ud800' }}", "surrogates not allowed"),
        ("{{ 'aaaa' | truncate(-1) }}", "expected length"),
        ("{% for x in [1] %}" * 30 + "{% endfor %}" * 30, "too many statically nested blocks"),
    ],
)
def test_odd_mistakes_are_told_as_what_they_are(text, why):
    with pytest.raises(TemplateProblem, match=why):
        render_template(NORTHWIND, text)


def refused(text: str) -> str:
    """What the sandbox says of a template, in this process."""
    answer = render({"template": text, "explanation": DATA, "escape": False})
    assert "text" not in answer, answer
    return str(answer["problem"])


@pytest.mark.parametrize(
    "text",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ explanation.__class__ }}",
        "{{ explanation | attr('__class__') }}",
        "{{ range.__globals__ }}",
        "{{ self.__init__.__globals__ }}",
        "{{ lipsum() }}",
        "{{ cycler('a').__init__ }}",
        "{{ joiner() }}",
        "{{ namespace() }}",
        "{{ explanation.update({'a': 1}) }}",
        "{{ explanation.scores.append(1) }}",
        "{{ '{0.__class__}'.format(1) }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ 'a' * 10**9 }}",
        "{{ 'a' * 1000000000 }}",
        "{{ 1000000000 * [1] }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ '%*d' % (1000000000, 1) }}",
        "{% for x in range(1000000000) %}{% endfor %}",
        "{{ range(1000000000) | list }}",
        "{{ 'a' | center(1000000000) }}",
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
        "{% set a = 'aaaaaaaaaa' %}" + "{% set a = a + a %}" * 40 + "{{ a }}",
        "{% for x in range(10000) %}{{ 'a' * 10000 }}{% endfor %}",
    ],
)
def test_the_sandbox_refuses(text):
    assert refused(text)


BIG = [
    "{{ 'a'.ljust(1000000000) | length }}",
    "{{ '{:1000000000d}'.format(1) | length }}",
    "{{ '%1000000000d' | format(1) | length }}",
    f"{{{{ {'(' * 3000}1{')' * 3000} }}}}",
    f"{{{{ {'not ' * 5000}1 }}}}",
    "{% if 1 %}" * 2000,
    "x" * 300_000,
]


@pytest.mark.parametrize("text", thinned(BIG))
def test_what_grows_too_large_ends_in_a_problem(text):
    with pytest.raises(TemplateProblem) as problem:
        render_template(NORTHWIND, text, seconds=2.0)
    assert "Traceback" not in str(problem.value)


LOOP = "{% for a in range(9999) %}"


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        LOOP * 4 + "{% endfor %}" * 4,
        LOOP + "{{ (range(9999) | list | sort | unique | list) | length and '' }}{% endfor %}",
    ],
)
def test_loops_in_loops_are_ended(text):
    started = time.monotonic()
    with pytest.raises(TemplateProblem, match=r"took|stopped"):
        render_template(NORTHWIND, text, seconds=1.0)
    assert time.monotonic() - started < 20


def test_a_limited_child_still_fills_a_page():
    assert render_template(NORTHWIND, "{{ 'ab' * 3 }}", seconds=2.0) == "ababab"
