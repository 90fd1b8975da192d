"""What a run says about its ruleset: titles, bands with their edges, which signals a part reads.

It stands as JSON in the metadata of the file, since the ruleset itself is not at hand when runs are compared.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from healthdsl.explain.amounts import rounded
from healthdsl.explain.better import lower_is_better, ranking
from healthdsl.explain.explanation import Amount, Badge, Model
from healthdsl.explain.precision import decimals_of
from healthdsl.explain.reading import Names, opened, signals_read
from healthdsl.explain.tally import variant_expressions
from healthdsl.model.expressions import Constant
from healthdsl.model.ruleset import Combination, EdgeRung, Rest, RuleNode, Ruleset, ToLevel
from healthdsl.model.types import Kind, Type
from healthdsl.reports.history.model import Stripe


class SignalAbout(Model):
    """A signal; `kind` and `currency` say how its values are shown."""

    name: str
    title: str
    kind: Kind
    currency: str | None = None

    @property
    def type(self) -> Type:
        return Type(self.kind, currency=self.currency)


class NodeAbout(Model):
    """A measure, group or score (`word`); `reads` are the signals that its rules ask for. `may_not_apply`: an
    `only when` says whether it is a part at all.
    """

    name: str
    title: str
    word: str
    reads: tuple[str, ...] = ()
    may_not_apply: bool = False


class FlagAbout(Model):
    """A flag or play (`word`)."""

    name: str
    title: str
    word: str


class About(Model):
    """`ranks` are the bands of the main score, worst first, those in one tuple as good as each other."""

    title: str
    main: str | None
    decimals: int
    lower_is_better: bool
    scale: tuple[Amount, Amount] | None
    bands: tuple[Badge, ...]
    stripes: tuple[Stripe, ...]
    ranks: tuple[tuple[str, ...], ...]
    nodes: tuple[NodeAbout, ...]
    signals: tuple[SignalAbout, ...]
    flags: tuple[FlagAbout, ...] = ()

    def band(self, name: str | None) -> Badge | None:
        """The band of this name; one that another ruleset had is shown by its name alone."""
        if name is None:
            return None
        known = next((badge for badge in self.bands if badge.name == name), None)
        return known or Badge(name=name, label=name.replace("_", " ").capitalize())

    def may_not_apply(self, name: str) -> bool:
        return any(node.may_not_apply for node in self.nodes if node.name == name)

    def node_title(self, name: str) -> str:
        return next((node.title for node in self.nodes if node.name == name), name)


def about(ruleset: Ruleset) -> About:
    """What a run says about this ruleset."""
    names = Names.of(ruleset)
    main = names.nodes.get(ruleset.main_score or "")
    badges = _badges(ruleset)
    return About(
        title=ruleset.title,
        main=ruleset.main_score,
        decimals=decimals_of(main),
        lower_is_better=main is not None and lower_is_better(ruleset, main.name),
        scale=_scale(main),
        bands=tuple(badges.values()),
        stripes=_stripes(ruleset, badges),
        ranks=ranking(ruleset, main) if main else (),
        nodes=tuple(
            NodeAbout(
                name=node.name,
                title=names.title(node),
                word=node.word,
                reads=_reads(names, node),
                may_not_apply=_may_not_apply(ruleset, node),
            )
            for node in ruleset.nodes
        ),
        signals=tuple(
            SignalAbout(name=each.name, title=each.title, kind=each.type.kind, currency=each.type.currency)
            for each in ruleset.signals
        ),
        flags=tuple(FlagAbout(name=flag.name, title=flag.title, word=flag.word) for flag in ruleset.raised),
    )


def about_of(text: str) -> About | None:
    """What a run says, from its JSON; None when it is no such thing."""
    try:
        return About.model_validate_json(text)
    except ValueError:
        return None


def _reads(names: Names, node: RuleNode) -> tuple[str, ...]:
    expressions = [each for variant in node.variants for each in variant_expressions(variant)]
    read = signals_read(opened(expressions, names.conditions))
    return tuple(dict.fromkeys(read))


def _may_not_apply(ruleset: Ruleset, node: RuleNode) -> bool:
    """Whether the measure, or a line that counts it, has an `only when`."""
    bodies = [variant.body for each in ruleset.nodes for variant in each.variants]
    lines = [part for body in bodies if isinstance(body, Combination) for part in body.parts]
    return any(variant.only_when for variant in node.variants) or any(
        part.node == node.name and part.only_when is not None for part in lines
    )


def _badges(ruleset: Ruleset) -> dict[str, Badge]:
    """The bands of the main score by name, in written order."""
    bands = next((each for each in ruleset.bands if each.node == ruleset.main_score), None)
    return {
        level.name: Badge(name=level.name, label=level.label or level.name, colour=level.colour)
        for level in (bands.bands if bands is not None else ())
    }


def _scale(main: RuleNode | None) -> tuple[Decimal, Decimal] | None:
    """What the ruleset writes as `within A to B`, where every variant does."""
    limits = [variant.within for variant in main.variants] if main is not None else []
    known = [limit for limit in limits if limit is not None]
    if not known or len(known) < len(limits):
        return None
    return rounded(min(low for low, _ in known)), rounded(max(high for _, high in known))


# Stripes ---------------------------------------------------------------------


def _stripes(ruleset: Ruleset, badges: dict[str, Badge]) -> tuple[Stripe, ...]:
    """The rungs of the bands, each with what the ones before it leave over, from low to high; `otherwise`
    has the end that the rungs leave open.
    """
    bands = next((each for each in ruleset.bands if each.node == ruleset.main_score), None)
    taken: list[tuple[Fraction | None, Fraction | None]] = []
    found: list[Stripe] = []
    for row in bands.rows if bands is not None else ():
        if not isinstance(row.result, ToLevel):
            continue
        if isinstance(row.key, EdgeRung):
            low, high = _left_over(_edge(row.key.low), _edge(row.key.high), taken)
            taken.append((low, high))
        elif isinstance(row.key, Rest) and row.key.otherwise and taken:
            low, high = _rest(taken)
        else:
            continue
        found.append(_stripe(badges[row.result.name], low, high))
    return tuple(sorted(found, key=lambda each: (each.low is not None, each.low or Decimal(0))))


def _stripe(badge: Badge, low: Fraction | None, high: Fraction | None) -> Stripe:
    return Stripe(
        band=badge,
        low=None if low is None else rounded(low, 4),
        high=None if high is None else rounded(high, 4),
    )


def _edge(bound: object) -> Fraction | None:
    return bound.value if isinstance(bound, Constant) and isinstance(bound.value, Fraction) else None


def _left_over(
    low: Fraction | None, high: Fraction | None, taken: list[tuple[Fraction | None, Fraction | None]]
) -> tuple[Fraction | None, Fraction | None]:
    """What of a rung the rungs above it have not: `below 40`, `below 70` is from 40 to 70."""
    if low is None:
        edges = [edge for _, edge in taken if edge is not None and (high is None or edge <= high)]
        low = max(edges, default=None) if any(other is None for other, _ in taken) else None
    if high is None:
        edges = [edge for edge, _ in taken if edge is not None and (low is None or edge >= low)]
        high = min(edges, default=None) if any(other is None for _, other in taken) else None
    return low, high


def _rest(taken: list[tuple[Fraction | None, Fraction | None]]) -> tuple[Fraction | None, Fraction | None]:
    """Where no rung is: above the highest edge, else below the lowest."""
    if any(low is None for low, _ in taken):
        return max((high for _, high in taken if high is not None), default=None), None
    return None, min((low for low, _ in taken if low is not None), default=None)
