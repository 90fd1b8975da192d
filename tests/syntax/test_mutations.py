"""One wrong token in the sample: the message stands on its line, there is one, and nothing is raised."""

import random

import pytest

from healthdsl.diagnostics.render import render_diagnostics
from healthdsl.source import Source
from healthdsl.syntax.lexer import SCANNER
from healthdsl.syntax.parser import parse_ruleset
from tests.effort import LONG, effort
from tests.syntax.sources import SAMPLE

SEED = 20260331
WORDS = [
    "of",
    "when",
    "usage",
    "40",
    "->",
    "is",
    "(",
    ")",
    '"x"',
    ",",
    "+",
    "and",
    "ladder",
    "foo",
    "20%",
    "days",
    "=",
    "otherwise",
    "to",
    "-",
    "[",
    ":",
    "==",
    "Not",
]
TOKENS = [m for m in SCANNER.finditer(SAMPLE) if m.lastgroup not in ("space", "comment", "other")]


def mutated(rng: random.Random) -> tuple[int, str]:
    """The line of one token, and the sample with it deleted, doubled, replaced, misspelt or swapped."""
    index = rng.randrange(len(TOKENS) - 1)
    token, following = TOKENS[index], TOKENS[index + 1]
    start, end = token.span()
    word, line = token.group(), SAMPLE.count("\n", 0, start) + 1
    same_line = SAMPLE.count("\n", 0, following.start()) + 1 == line
    made = [word + " " + word, "", rng.choice(WORDS), f"{rng.choice(WORDS)} {word}"]
    if len(word) > 2 and word.isalpha():
        place = rng.randrange(len(word) - 1)
        made.append(word[:place] + word[place + 1] + word[place] + word[place + 2 :])
    if same_line and rng.random() < 0.2:
        return line, SAMPLE[:start] + following.group() + " " + word + SAMPLE[following.end() :]
    return line, SAMPLE[:start] + rng.choice(made) + SAMPLE[end:]


@pytest.mark.deep
def test_one_token_mutations() -> None:
    rng = random.Random(SEED)
    told = right = single = 0
    for _ in range(effort(250, 1_500, 5_000)):
        line, text = mutated(rng)
        source = Source(text)
        _, diagnostics = parse_ruleset(source)
        assert len(diagnostics) <= 2, (SEED, line, text.split("\n")[line - 1], diagnostics)
        assert "Traceback" not in render_diagnostics(source, diagnostics)
        if diagnostics:
            told += 1
            right += all(problem.span.line == line for problem in diagnostics)
            single += len(diagnostics) == 1
    assert right / told >= 0.98, (SEED, right, told)
    assert single / told >= 0.98, (SEED, single, told)


@pytest.mark.deep
def test_deleted_characters_are_never_too_much() -> None:
    rng = random.Random(SEED)
    for _ in range(2_000 if LONG else 100):
        start = rng.randrange(len(SAMPLE))
        text = SAMPLE[:start] + SAMPLE[start + rng.randrange(1, 40) :]
        parse_ruleset(Source(text))
