"""explain: a Ruleset and the named output values of one account in, an Explanation out.

A pure function: no backend, no record, no clock. The same values give the same explanation, wherever they
were computed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from healthdsl.explain.explanation import AccountLine, Explanation, FlagLine, Move, RulesetLine
from healthdsl.explain.facts import signal_lines
from healthdsl.explain.flag_causes import true_causes
from healthdsl.explain.reach import Reaches
from healthdsl.explain.reading import Names, Values
from healthdsl.explain.scores import Telltale, explained_nodes, other_lines, score_line
from healthdsl.explain.sentence import without_scores
from healthdsl.model.ruleset import Ruleset


def explain(  # noqa: PLR0913  the contract names them one by one
    ruleset: Ruleset,
    values: Mapping[str, object],
    *,
    account_id: str | None = None,
    account_name: str | None = None,
    as_of: date | None = None,
    fingerprint: str | None = None,
    notes: Sequence[str] = (),
    invalid: Mapping[str, str | None] | None = None,
    moves: Sequence[Move] = (),
    reaches: Reaches | None = None,
) -> Explanation:
    """Why the account has its scores. `values` are graph outputs by name.

    `notes` are sentences about values treated as missing, `invalid` what stood there by signal, None where
    that is not known. `reaches` says how
    far each output can go (`healthdsl.explain.bounds`); without it there is no best possible score to start
    from.
    """
    names, read = Names.of(ruleset), Values(values)
    account = AccountLine(id=account_id, name=account_name)
    lines = signal_lines(names, read, as_of, invalid or {})
    told = Telltale(names, read, {line.name: line for line in lines}, reaches or {}, account)
    scores = tuple(score_line(told, node) for node in explained_nodes(ruleset))
    raised = _raised(names, read)
    return Explanation(
        account=account,
        ruleset=_ruleset_line(ruleset, fingerprint),
        as_of=as_of,
        summary=scores[0].summary
        if scores
        else without_scores(account, [flag.title for flag in raised["flag"]]),
        scores=scores,
        others=other_lines(told, scores),
        signals=lines,
        flags=raised["flag"],
        plays=raised["play"],
        moves=tuple(moves),
        notes=tuple(notes),
    )


def _ruleset_line(ruleset: Ruleset, fingerprint: str | None) -> RulesetLine:
    return RulesetLine(
        name=ruleset.name,
        title=ruleset.title,
        version=ruleset.version,
        owner=ruleset.owner,
        fingerprint=fingerprint,
    )


def _raised(names: Names, values: Values) -> dict[str, tuple[FlagLine, ...]]:
    """Flags and plays whose condition is true, in written order."""
    raised = [flag for flag in names.ruleset.raised if values.is_true(flag.name)]
    return {
        word: tuple(
            FlagLine(
                name=flag.name,
                title=flag.title,
                causes=true_causes(names, values, flag.condition),
                place=names.place(flag.span.line),
            )
            for flag in raised
            if flag.word == word
        )
        for word in ("flag", "play")
    }
