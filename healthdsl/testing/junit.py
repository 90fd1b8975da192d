"""Results as JUnit XML, which every CI system reads: a suite a file, a case a test."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree import ElementTree

from healthdsl.testing.outcome import TestOutcome
from healthdsl.testing.results import FileResult
from healthdsl.testing.told_text import failure_lines

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no way to hold."""


def junit_xml(results: Sequence[FileResult], below: Sequence[str] = ()) -> str:
    """The document; `below` are sentences about shares that are too low, a failed case each."""
    suites = ElementTree.Element("testsuites", name="healthdsl test")
    for result in results:
        _suite(suites, result)
    if below:
        suite = ElementTree.SubElement(suites, "testsuite", name="shares", tests=str(len(below)))
        suite.set("failures", str(len(below)))
        suite.set("errors", "0")
        for sentence in below:
            case = ElementTree.SubElement(suite, "testcase", name=_clean(sentence), classname="shares")
            ElementTree.SubElement(case, "failure", message=_clean(sentence))
    _total(suites)
    ElementTree.indent(suites)
    return ElementTree.tostring(suites, encoding="unicode", xml_declaration=False).join(
        ('<?xml version="1.0" encoding="UTF-8"?>\n', "\n")
    )


def _suite(suites: ElementTree.Element, result: FileResult) -> None:
    suite = ElementTree.SubElement(suites, "testsuite", name=_clean(result.name), file=_clean(result.name))
    name = "" if result.ruleset is None else result.ruleset.name
    for outcome in result.outcomes:
        _case(suite, result, outcome, name)
    if result.mistakes is not None:
        case = ElementTree.SubElement(suite, "testcase", name="compiles", classname=_clean(result.name))
        error = ElementTree.SubElement(case, "error", message="the ruleset has mistakes")
        error.text = _clean(result.mistakes)
    problems = sum(outcome.problem is not None for outcome in result.outcomes)
    suite.set("tests", str(len(suite)))
    suite.set("failures", str(result.failed - problems))
    suite.set("errors", str(problems + (result.mistakes is not None)))


def _case(suite: ElementTree.Element, result: FileResult, outcome: TestOutcome, name: str) -> None:
    file, _, line = result.place(outcome.line).rpartition(":")
    case = ElementTree.SubElement(
        suite, "testcase", name=_clean(outcome.title), classname=name, file=_clean(file), line=line
    )
    if outcome.problem is not None:
        ElementTree.SubElement(case, "error", message=_clean(outcome.problem))
    if outcome.failures:
        first = outcome.failures[0]
        message = first.text if first.expected is None else f"expected {first.expected}, found {first.found}"
        failure = ElementTree.SubElement(case, "failure", message=_clean(message))
        failure.text = _clean("\n" + "\n".join(failure_lines(result, outcome)) + "\n")


def _total(suites: ElementTree.Element) -> None:
    for count in ("tests", "failures", "errors"):
        suites.set(count, str(sum(int(suite.get(count, "0")) for suite in suites)))


def _clean(text: str) -> str:
    return _NO_XML.sub("?", text)
