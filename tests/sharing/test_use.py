"""What `use` brings in, what it leaves out, and what is said when it cannot."""

from __future__ import annotations

import pickle
from random import Random
from typing import Any

import pytest

import healthdsl
from healthdsl.diagnostics.render import render_diagnostics
from healthdsl.diagnostics.use_codes import USE_CODES
from healthdsl.pipeline import compile_source
from healthdsl.sharing.roots import Texts
from healthdsl.testing import run_tests
from tests.docs.diagnostics import compiled
from tests.oracle.seed import SEED
from tests.properties.mutations import mutate

SIGNALS = """dictionary signals "What we know"
  language 1

signal seats   count  "Licensed seats"
signal active  count
signal usage   percent = active / seats
signal renews  date
signal left    = days from today to renews

rows tickets dated opened_on
  hours  number

levels rating
  good  100  green
  poor  0    red

measure usage ladder as rating
  below 50%  -> poor
  otherwise  -> good

measure late = 50
  -10 when left below 30 days

bands usage
  below 50   -> low
  otherwise  -> high
"""
RULESET = """ruleset shared
  language 1

use "signals.health"

score health average
  usage

test "half of the seats"
  given seats 10
  given active 5
  expect health is 100
"""
DATED = RULESET.replace("  given seats", "  as of 2026-03-31\n  given seats")
FILES = {"signals.health": SIGNALS}


def codes(text: str) -> list[str]:
    return [found.code for found in compiled(text).diagnostics]


def shown(text: str) -> str:
    compilation = compiled(text)
    return render_diagnostics(compilation.source, compilation.diagnostics)


def using(*files: str, rest: str = "measure m = 1\n") -> str:
    """A ruleset that uses `a.health`, and files named a, b, c .. in order."""
    text = f'ruleset r\n  language 1\n\nuse "a.health"\n\n{rest}'
    for name, file in zip("abcdefghijklmn", files, strict=False):
        text += f"#--- {name}.health\ndictionary {name}\n  language 1\n\n{file}"
    return text


# What is brought in ----------------------------------------------------------


def test_declarations_of_another_file_are_part_of_the_ruleset() -> None:
    ruleset = healthdsl.loads(RULESET, files=FILES)
    assert ruleset.score({"seats": 10, "active": 4}).score == 0
    assert ruleset.score({"seats": 10, "active": 5}).bands == {"usage": "high"}
    assert not run_tests(ruleset)[0].failures


def test_what_nothing_mentions_is_left_out() -> None:
    ruleset = healthdsl.loads(RULESET, files=FILES)
    assert [signal.name for signal in ruleset.ruleset.signals] == ["seats", "active", "usage"]
    assert [node.name for node in ruleset.ruleset.nodes] == ["usage", "health"]
    assert ruleset.ruleset.tables == ()
    assert [levels.name for levels in ruleset.ruleset.levels] == ["rating"]
    assert not ruleset.needs_as_of
    assert {field.name for field in ruleset.graph.inputs} == {"seats", "active"}
    assert ruleset.graph.tables == ()


def test_what_is_mentioned_at_any_distance_stays() -> None:
    for line, names in (
        ("flag hurry when late below 50", {"renews", "left"}),
        ("flag busy when any of tickets where hours above 2", set()),
        (
            "signal answered number\n  expires 30 days after renews\n\nflag f when answered above 1",
            {"renews", "answered"},
        ),
        (
            'test "t"\n  as of 2026-03-31\n  given renews 2026-04-30\n  expect left is 30 days',
            {"renews", "left"},
        ),
    ):
        ruleset = healthdsl.loads(f"{DATED}\n{line}\n", files=FILES).ruleset
        assert {signal.name for signal in ruleset.signals} == {"seats", "active", "usage"} | names
        assert bool(ruleset.tables) is ("tickets" in line)


def test_a_dictionary_holds_conditions_and_those_in_use_come_along() -> None:
    conditions = "condition idle when usage below 20%\ncondition lost when left below 0 days and not idle\n"
    files = {"signals.health": f"{SIGNALS}\n{conditions}"}
    assert [flag.name for flag in healthdsl.loads(RULESET, files=files).ruleset.flags] == []
    asks_one = healthdsl.loads(f"{RULESET}\nflag look when idle\n", files=files)
    assert [flag.name for flag in asks_one.ruleset.flags] == ["idle", "look"]
    assert asks_one.score({"seats": 10, "active": 1}).flags == ("look",)
    both = healthdsl.loads(f"{DATED}\nflag look when lost\n", files=files).ruleset
    assert [flag.name for flag in both.flags] == ["idle", "lost", "look"]


def test_the_day_is_asked_of_tests_only_where_it_counts() -> None:
    assert codes(f"{RULESET}#--- signals.health\n{SIGNALS}") == []
    late = RULESET.replace("  usage\n", "  usage\n  late\n")
    assert codes(f"{late}#--- signals.health\n{SIGNALS}") == ["E508"]


def test_one_file_with_the_same_lines_has_the_same_fingerprint() -> None:
    shared = SIGNALS.split("\n\n")
    used = "\n".join(shared[1].split("\n")[:3])
    body = "\n\n".join([used, shared[3], shared[4], shared[6]])
    one = RULESET.replace('use "signals.health"', body)
    together = healthdsl.loads(RULESET, files=FILES)
    assert healthdsl.loads(one).fingerprint == together.fingerprint
    changed = {"signals.health": SIGNALS.replace("below 50% ", "below 60% ")}
    assert healthdsl.loads(RULESET, files=changed).fingerprint != together.fingerprint
    unused = {"signals.health": SIGNALS.replace("measure late = 50", "measure late = 60")}
    assert healthdsl.loads(RULESET, files=unused).fingerprint == together.fingerprint


def test_files_use_files() -> None:
    text = using('use "b.health"\n\nmeasure m2 = x\n', "signal x number\n", rest="score s average\n  m2\n")
    compilation = compiled(text)
    assert compilation.ruleset is not None
    assert [signal.name for signal in compilation.ruleset.signals] == ["x"]
    both = text.replace('use "a.health"', 'use "a.health"\nuse "b.health"')
    assert codes(both) == []


def test_a_path_begins_at_its_own_file() -> None:
    files = {"teams/emea.health": SIGNALS, "base.health": SIGNALS}
    nested = {"parts/a.health": 'dictionary a\n  language 1\n\nuse "b.health"\n', "parts/b.health": SIGNALS}
    for path, known in (("./teams/../teams//emea.health", files), ("parts/a.health", nested)):
        text = RULESET.replace("signals.health", path)
        assert healthdsl.loads(text, files=known).score({"seats": 1, "active": 1}).score == 100


def test_explanations_name_the_file_and_its_line() -> None:
    explanation = (
        healthdsl.loads(RULESET, "shared.health", files=FILES).score({"seats": 10, "active": 4}).explain()
    )
    places: dict[str, Any] = {part.name: part.place for part in explanation.scores[0].parts}
    assert places == {"usage": "signals.health:18"}
    assert explanation.scores[0].place == "shared.health:6"


def test_pickling_keeps_the_files() -> None:
    ruleset = healthdsl.loads(RULESET, "shared.health", files=FILES)
    again = pickle.loads(pickle.dumps(ruleset))
    assert again.fingerprint == ruleset.fingerprint
    assert again.used == ruleset.used == FILES


def test_a_dictionary_is_complete_by_itself() -> None:
    tested = SIGNALS + '\ntest "t"\n  as of 2026-03-31\n  given left missing\n  expect usage is known\n'
    assert codes(SIGNALS) == []
    assert codes(tested) == ["E501"]
    assert codes(f"{RULESET}#--- signals.health\n{tested}") == []  # its tests are its own affair
    with pytest.raises(healthdsl.RulesetError, match="E611"):
        healthdsl.loads(SIGNALS)


# What is wrong ---------------------------------------------------------------


@pytest.mark.parametrize("entry", USE_CODES, ids=lambda entry: entry.code)
def test_examples_of_the_catalogue(entry: Any) -> None:
    if entry.bad:
        assert codes(entry.bad) == [entry.code]
    assert codes(entry.good) == []


def test_a_text_without_a_folder_uses_nothing() -> None:
    with pytest.raises(healthdsl.RulesetError) as raised:
        healthdsl.loads(RULESET)
    assert [found.code for found in raised.value.diagnostics] == ["E601"]


def test_a_name_declared_twice_names_both_files_and_lines() -> None:
    assert shown(using("signal seats count\n", rest="signal seats number\n")) == (
        "error[E214]: `seats` is declared twice\n"
        " --> example.health:6:8\n"
        "6 | signal seats number\n"
        "  |        ^^^^^\n"
        " ::: a.health:4:8\n"
        "4 | signal seats count\n"
        "  |        ----- first declared here\n"
        "  = help: give one of them another name; only a measure may share the name of a signal\n"
    )


def test_a_mistake_in_a_used_file_stands_there() -> None:
    text = using("signal seats cuont\nmeasure x = nothing\n")
    assert [line for line in shown(text).split("\n") if "-->" in line] == [
        " --> a.health:4:14",
        " --> a.health:5:13",
    ]


def test_a_wrong_type_of_a_shared_signal_frames_both() -> None:
    text = using(
        "signal seats count from 0 to 10\n",
        rest='measure m = 1\n\ntest "t"\n  given seats 12\n  expect m is 1\n',
    )
    told = shown(text)
    assert "--> example.health:9:15" in told
    assert "::: a.health:4:8\n" in told


def test_a_lost_file_gives_one_message() -> None:
    """Nobody knows which names it declares, so none of them is called unknown."""
    more = "\nmeasure seats curve\n  0 -> 0\n  9 -> 100\n\nmeasure active like seats\n"
    more += "\nbands late\n  below 9 -> low\n  otherwise -> high\n"
    text = RULESET.replace("signals.health", "signal.health") + more + "#--- signals.health\n" + SIGNALS
    assert "did you mean `signals.health`?" in shown(text)
    assert codes(text) == ["E603"]


def test_a_circle_shows_the_chain() -> None:
    told = shown(using('use "b.health"\n', 'use "c.health"\n', 'use "a.health"\n'))
    assert told.count("error[") == 1
    assert "a.health -> b.health -> c.health -> a.health" in told
    assert "--> c.health:4:5" in told
    itself = 'ruleset example\n  language 1\n\nuse "example.health"\n#--- other.health\n'
    assert codes(itself) == ["E605"]


def test_files_are_bounded() -> None:
    deep = using(*(f'use "{name}.health"\n' for name in "bcdefghi"), "signal x count\n")
    assert codes(deep) == ["E606"]
    many = (
        "ruleset r\n  language 1\n\n" + "".join(f'use "f{i}.health"\n' for i in range(60)) + "score s = 1\n"
    )
    many += "".join(f"#--- f{i}.health\ndictionary d{i}\n  language 1\n" for i in range(60))
    assert codes(many) == ["E606"] * 10
    large = "# " + "x" * 900 + "\n"
    wide = using(*(f'use "{name}.health"\n{large * 500}' for name in "bcde"))
    assert "E606" in codes(wide)
    assert codes(using(large * 600)) == ["E001"]


def test_many_mistakes_end_the_reading() -> None:
    broken = "signal x cuont 'y'\n" * 400
    found = compiled(using(*(f'use "{name}.health"\n{broken}' for name in "bcdefgh"))).diagnostics
    assert len({mistake.span.line for mistake in found}) <= 900


@pytest.mark.parametrize(
    ("file", "code"),
    [
        ("score s = 1\n", "E608"),
        ("flag f when 1 above 2\n", "E608"),
        ("play p when 1 above 2\n", "E608"),
        ("  missing -> 50\n\nsignal x count\n", "E608"),
        ('  account id "ID"\n\nsignal x count\n', "E608"),
        ("ruleset second\n  language 1\n", "E402"),
        ("signal x count\n\nuse \"b.health\"\n", "E609"),
    ],
)  # fmt: skip
def test_what_a_dictionary_may_not_hold(file: str, code: str) -> None:
    text = using(file, "signal y count\n").replace("language 1\n\n  ", "language 1\n  ")
    assert codes(text) == [code]
    dictionary = text.partition("#--- a.health\n")[2].partition("#---")[0]
    if "use" not in dictionary:
        assert codes(dictionary) == [code]  # the same when it is checked by itself


@pytest.mark.parametrize("text", ["", "# nothing\n", "signal x count\n", "nonsense\n", "\ufeff", "<html>\n"])
def test_a_file_that_is_no_dictionary(text: str) -> None:
    told = compiled(f"{using()}#--- a.health\n{text}").diagnostics
    assert len(told) == 1
    assert told[0].code in {"E607", "E130", "E100", "E113"}


def test_an_indented_declaration_takes_its_lines_along() -> None:
    """Lines of what is lost are no clauses of what stands above it."""
    text = "ruleset r\n  language 1\n  levels rating\n  good 100\n  bad 0\n"
    assert codes(text) == ["E109"]
    lost = "dictionary d\n  language 1\n  distribution x\n  as of 2026-03-31\n  1 -> 2%\n"
    assert codes(lost) == ["E109"]


@pytest.mark.parametrize("seed", range(60))
def test_no_text_of_two_files_ends_in_an_exception(seed: int) -> None:
    rng = Random(f"{SEED}.{seed}")
    main, shared = RULESET, SIGNALS
    for _ in range(rng.choice([1, 2, 3])):
        if rng.random() < 0.5:
            main = mutate(main, rng)
        else:
            shared = mutate(shared, rng)
    compilation = compile_source(main, "main.health", Texts({"signals.health": shared}, own="main.health"))
    assert isinstance(render_diagnostics(compilation.source, compilation.diagnostics), str)
    for found in compilation.diagnostics:
        assert compilation.source.place_of(found.span.line)[0] in {"main.health", "signals.health"}


@pytest.mark.parametrize(
    ("header", "other", "scales"),
    [("45", "0.45", (100, 1)), ("0.45", "45", (1, 100)), ("45", "45", (100, 100))],
)
def test_each_file_says_for_itself_how_percents_stand(
    header: str, other: str, scales: tuple[int, int]
) -> None:
    shared = f"dictionary a\n  language 1\n  stored as {other} for 45%\n\nsignal theirs percent\n"
    text = (
        f'ruleset r\n  language 1\n  stored as {header} for 45%\n\nuse "a.health"\n\n'
        "signal ours percent\nsignal own percent\n  stored as 0.45 for 45%\n\n"
        "score s = 100 * ours + 100 * theirs + 100 * own\n"
    )
    compiled = healthdsl.loads(text, files={"a.health": shared})
    found = {field.name: 1 / field.scale for field in compiled.graph.inputs}
    assert found == {"ours": scales[0], "theirs": scales[1], "own": 1}


def test_a_header_says_nothing_for_other_files() -> None:
    shared = "dictionary a\n  language 1\n\nsignal theirs percent\n"
    text = 'ruleset r\n  language 1\n  stored as 45 for 45%\n\nuse "a.health"\n\nscore s = 100 * theirs\n'
    with pytest.raises(healthdsl.RulesetError, match="E318"):
        healthdsl.loads(text, files={"a.health": shared})
