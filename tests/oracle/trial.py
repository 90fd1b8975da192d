"""Runs random rulesets and records through the evaluator and the oracle, and counts what they reach.

`HEALTHDSL_SEED` sets the seed; the same seed gives the same pairs. A difference is made small before it is
reported.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from random import Random

from healthdsl import CompiledRuleset, RecordError, RulesetError, loads
from tests.oracle.compare import Difference, differences, smallest
from tests.oracle.coverage import constructs, primitives, situations
from tests.oracle.evaluate import Account
from tests.oracle.records import gather_constants, random_record
from tests.oracle.rulesets import random_ruleset

# Nearer than this to the cut between two ninth decimals, in its last places, doubles cannot tell a value.
LAST_PLACES = 8

Values = Mapping[str, object]
Engine = Callable[[CompiledRuleset, Mapping[str, object], date], Values]
Differs = Callable[[str, dict[str, object]], Difference | None]


def evaluator(compiled: CompiledRuleset, record: Mapping[str, object], as_of: date) -> Values:
    """The values of the record evaluator."""
    return compiled.score(record, as_of=as_of).values


@dataclass
class Trial:
    """What was tried: `pairs` in all, `ties` of them too near a cut to tell, and what they reached."""

    pairs: int = 0
    outputs: int = 0
    ties: int = 0
    ties_that_differ: int = 0
    reached: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)


def run_trial(seed: int, rulesets: int, records: int, engine: Engine = evaluator, most: int = 3) -> Trial:
    """Tries `rulesets` random rulesets with `records` random records each; stops after `most` differences."""
    trial = Trial()
    for number in range(rulesets):
        try_ruleset(trial, f"{seed}.{number}", records, engine)
        if len(trial.failures) >= most:
            break
    return trial


def try_ruleset(trial: Trial, seed: str, records: int, engine: Engine) -> None:
    """One random ruleset with several random records."""
    rng = Random(seed)
    text = random_ruleset(rng)
    compiled = loads(text)
    constants = gather_constants(compiled.ruleset)
    trial.reached.update(constructs(compiled.ruleset))
    trial.reached.update(primitives(compiled.graph))
    for _ in range(records):
        record, as_of = random_record(compiled.ruleset, constants, rng)
        account = Account.of(compiled.ruleset, record, as_of)
        expected = dict(account.outputs())
        found = next(differences(expected, engine(compiled, record, as_of)), None)
        near = account.nearest_tie < LAST_PLACES
        trial.pairs += 1
        trial.outputs += len(expected)
        trial.ties += near
        trial.ties_that_differ += near and found is not None
        trial.reached.update(situations(account))
        if found is not None and not near:
            trial.failures.append(report(seed, text, record, as_of, differ_in(found.name, as_of, engine)))
            return


def report(seed: str, text: str, record: dict[str, object], as_of: date, differs: Differs) -> str:
    """A difference with the smallest ruleset and record that still show it."""
    text, record = smallest(text, record, lambda lines, fields: differs(lines, fields) is not None)
    return "\n".join([f"seed {seed}, as of {as_of}", text, f"record {record}", str(differs(text, record))])


def differ_in(name: str, as_of: date, engine: Engine) -> Differs:
    """The difference in one output, if ruleset and record are valid and there is one."""

    def differs(text: str, record: Mapping[str, object]) -> Difference | None:
        try:
            compiled = loads(text)
            values = engine(compiled, record, as_of)
        except (RulesetError, RecordError):
            return None
        account = Account.of(compiled.ruleset, record, as_of)
        expected = dict(account.outputs())
        if account.nearest_tie < LAST_PLACES:
            return None
        return next((one for one in differences(expected, values) if one.name == name), None)

    return differs
