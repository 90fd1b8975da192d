"""Texts made to hurt are answered with a clear error, within a second and without filling memory."""

import random
import time
import tracemalloc

import pytest

from healthdsl.source import Source
from healthdsl.syntax.guards import MAX_BYTES, read_source
from healthdsl.syntax.parser import parse_ruleset
from healthdsl.syntax.printer import format_text
from tests.marks import thinned

SECOND = 1.0
MEGABYTE = 1_000_000


def codes(text: str) -> list[str]:
    return [problem.code for problem in parse_ruleset(Source(text))[1]]


def test_ten_megabytes_are_not_read() -> None:
    source, diagnostics = read_source(b"signal a count\n" * 700_000, "big.health")
    assert source is None
    assert [problem.code for problem in diagnostics] == ["E001"]
    assert codes("x" * (MAX_BYTES + 1)) == ["E001"]
    assert format_text(Source("x" * (MAX_BYTES + 1))) == "x" * (MAX_BYTES + 1)


def test_the_largest_file_is_read() -> None:
    source, diagnostics = read_source(b"#" + b"\n" * (MAX_BYTES - 1), "large.health")
    assert source is not None
    assert diagnostics == ()


@pytest.mark.parametrize("seed", range(20))
def test_random_bytes(seed: int) -> None:
    data = random.Random(seed).randbytes(50_000)
    source, diagnostics = read_source(data, "noise.health")
    assert source is None
    assert [problem.code for problem in diagnostics] == ["E002"]
    _, diagnostics = parse_ruleset(Source(data.decode("latin-1")))
    assert diagnostics


def test_bytes_of_other_programs() -> None:
    for data in (b"PK\x03\x04\x14\x00\xff", b"\xff\xfeS\x00i\x00", b"\xd0\xcf\x11\xe0"):
        assert read_source(data, "x")[0] is None


def test_byte_order_mark_and_crlf() -> None:
    source, _ = read_source(b"\xef\xbb\xbfruleset a\r\n  language 1\r\nsignal b count\r\n", "x")
    assert source is not None
    file, diagnostics = parse_ruleset(source)
    assert len(file.declarations) == 2
    assert diagnostics == ()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("signal a count # \x00\n", "E003"),
        ("signal a count # \u202e\n", "E004"),
        ("signal a = " + "a+" * 600 + "1\n", "E005"),
        ("signal a = " + "(" * 51 + "1" + ")" * 51 + "\n", "E006"),
        ("flag a when " + "not " * 51 + "b\n", "E006"),
        ("signal a = " + "-" * 51 + "1\n", "E006"),
        ("signal a = " + "1+" * 101 + "1\n", "E007"),
        ("signal a number from 0 to 1234567890123456\n", "E008"),
    ],
)
def test_limits(text: str, code: str) -> None:
    assert codes(text) == [code]


@pytest.mark.parametrize(
    "text",
    [
        "signal a = " + "(" * 50 + "1" + ")" * 50,
        "flag a when " + "not " * 49 + "b",
        "signal a = " + "1+" * 97 + "1",
        "signal a number from 0 to 123456789012345",
    ],
)
def test_just_within_the_limits(text: str) -> None:
    assert codes(text) == []


HURTING = {
    "nested brackets": "signal a = " + "(" * 100_000,
    "nested brackets over lines": "signal a =\n" + "  (\n" * 100_000,
    "open brackets": "score a average\n" + "  when (\n" * 50_000,
    "continued lines": "flag a when b\n" + "  and c\n" * 50_000 + "  and (\n",
    "broken clauses": "score a average\n" + "  40 40 usage when (a) 3 is b or c and d\n" * 12_000,
    "broken headers": "mesure a laddr of b whn c\n" * 19_000,
    "open texts": 'signal a count "\n' * 30_000,
    "commas": "bands " + "a," * 490 + "\n",
    "indents": "".join(" " * (i % 900) + "a\n" for i in range(1_100)),
    "quotes": '"' * 900 + "\n",
    "not ascii": "\u0435" * 900 + "\n" + "\u201c" * 900,
    "minus": "signal a = " + "- " * 400,
}


@pytest.mark.parametrize("name", thinned(HURTING))
def test_within_a_second(name: str) -> None:
    source = Source(HURTING[name][:MAX_BYTES])
    began = time.process_time()
    _, diagnostics = parse_ruleset(source)
    took = time.process_time() - began
    assert diagnostics
    assert took < 3 * SECOND  # a busy machine is slow: below a second on an idle one


@pytest.mark.slow
def test_memory_is_bounded() -> None:
    source = Source(HURTING["broken clauses"][: MAX_BYTES // 5])
    tracemalloc.start()
    parse_ruleset(source)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 30 * MEGABYTE
