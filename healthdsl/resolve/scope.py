"""What names mean while a ruleset is being resolved.

`collect` fills a `Scope` from the declarations; `Place` says from where in the ruleset a name is looked
up. Entries keep their declaration for hints and are completed (types, sub-table conditions) by the passes
that follow.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from healthdsl.diagnostics.diagnostic import Label
from healthdsl.model.expressions import Expression
from healthdsl.model.types import Kind, Type
from healthdsl.resolve.problems import Problems
from healthdsl.source import Source, Span
from healthdsl.syntax import expressions as x
from healthdsl.syntax import nodes as n

# What refers to others: ("signal", "seats"), ("column", "tickets.hours"), ("node", "nps"), ("bands", "nps").
Vertex = tuple[str, str]

# What copying (`like`, group names, sub-tables) may add before it is taken for an attack.
EXPANSION_LIMIT = 20_000
NAME_LIMIT = 5_000


@dataclass(slots=True, eq=False)
class SignalEntry:
    """A signal; `type` None while it is not known, and for good when the signal is broken."""

    name: str
    declaration: n.SignalDeclaration
    type: Type | None = None
    formula: Expression | None = None


@dataclass(slots=True, eq=False)
class ColumnEntry:
    """A column of a base table; `declaration` None for the date column that only `dated` names."""

    name: str
    declaration: n.RowColumn | None
    type: Type | None = None
    formula: Expression | None = None


@dataclass(slots=True, eq=False)
class TableEntry:
    """A base table, or a sub-table with the conditions that cut it out of `base` (None: broken)."""

    name: str
    declaration: n.RowsDeclaration
    base: TableEntry | None
    columns: dict[str, ColumnEntry] = field(default_factory=dict)
    conditions: tuple[Expression, ...] | None = ()
    depth: int = 0

    @property
    def dated(self) -> str | None:
        name = (self.base or self).declaration.dated
        return name.name if name else None


@dataclass(slots=True, eq=False)
class NodeEntry:
    """A measure, group or score: all declarations of the name (variants), its level set and its bands.

    `implied`: a part line names a signal, and no measure of the name is declared.
    """

    name: str
    declarations: list[n.PartDeclaration]
    bands: n.BandsDeclaration | None = None
    implied: bool = False

    @property
    def word(self) -> str:
        return self.declarations[0].word

    @property
    def reads_its_signal(self) -> bool:
        """Whether it is a table about the signal of its own name."""
        body = self.declarations[0].body
        return isinstance(body, n.TableBody) and body.subject is None and body.kind != "first match"

    @property
    def parts(self) -> tuple[str, ...]:
        """The names of its parts, over all variants, each once."""
        clauses = (clause for one in self.declarations for clause in one.clauses)
        return tuple(dict.fromkeys(part.name.name for part in clauses if isinstance(part, n.PartClause)))


@dataclass(slots=True, eq=False)
class Scope:
    """Everything declared, by kind of name."""

    source: Source
    problems: Problems
    broken: set[str]
    signals: dict[str, SignalEntry] = field(default_factory=dict)
    tables: dict[str, TableEntry] = field(default_factory=dict)
    level_sets: dict[str, n.LevelsDeclaration] = field(default_factory=dict)
    distributions: dict[str, n.DistributionDeclaration] = field(default_factory=dict)
    nodes: dict[str, NodeEntry] = field(default_factory=dict)
    flags: dict[str, n.FlagDeclaration] = field(default_factory=dict)
    named_bands: dict[str, n.BandsDeclaration] = field(default_factory=dict)
    uses: dict[Vertex, list[Vertex]] = field(default_factory=dict)
    # For each node that `like` copies, the signal that a copy does without.
    replaced: dict[str, str | None] = field(default_factory=dict)
    level_set_cache: dict[str, n.LevelsDeclaration | None] = field(default_factory=dict)
    asks_today: list[tuple[Vertex, Span]] = field(default_factory=list)
    lost: bool = False  # a used file could not be read, so that any name may be declared
    kept: set[Vertex] | None = None  # what of the used files is part of the ruleset; None: no matter
    told: dict[tuple[str, ...], tuple[str, Span]] = field(default_factory=dict)
    value_owners: dict[str, str] | None = None
    expansion: int = 0
    too_large: bool = False

    @property
    def today_at(self) -> Span | None:
        """The first place at which something that is part of the ruleset depends on the day."""
        kept = self.kept
        return next((span for owner, span in self.asks_today if kept is None or _whose(owner) in kept), None)

    def declared_at(self, name: str) -> Span | None:
        """Where a name is first declared, whatever it names."""
        if name in self.signals:
            return self.signals[name].declaration.name.span
        if name in self.nodes:
            return self.nodes[name].declarations[0].name.span
        bands = self.named_bands.get(name)
        if bands is not None and bands.name is not None:
            return bands.name.span
        kinds = (self.tables, self.flags, self.level_sets, self.distributions)
        for kind in (known.get(name) for known in kinds):
            if kind is not None:
                return (kind.declaration if isinstance(kind, TableEntry) else kind).name.span
        return None

    def label(self, name: str, text: str) -> tuple[Label, ...]:
        """A label at the declaration of `name`, none when it is not declared."""
        span = self.declared_at(name)
        return (Label(span, text),) if span else ()

    def level_set_of(self, node: str) -> n.LevelsDeclaration | None:
        """The level set a node names, through `like`; None when it has none or it is unknown."""
        chain: dict[str, None] = {}
        while node in self.nodes and node not in self.level_set_cache and node not in chain:
            chain[node] = None
            declaration = self.nodes[node].declarations[0]
            if declaration.levels is not None:
                self.level_set_cache[node] = self.level_sets.get(declaration.levels.name)
            elif isinstance(declaration.body, n.LikeBody):
                node = declaration.body.model.name
            else:
                self.level_set_cache[node] = None
        found = self.level_set_cache.get(node)
        self.level_set_cache.update(dict.fromkeys(chain, found))
        return found

    def level_type(self, node: str) -> Type | None:
        levels = self.level_set_of(node)
        return Type(Kind.CATEGORY, tuple(row.name.name for row in levels.rows)) if levels else None

    def band_type(self, node: str) -> Type | None:
        bands = self.nodes[node].bands if node in self.nodes else None
        return Type(Kind.CATEGORY, band_names(bands)) if bands else None

    def banded_by(self, word: str) -> str | None:
        """The node whose bands have this name of their own."""
        bands = self.named_bands.get(word)
        return bands.names[0].name if bands is not None else None

    def edges(self) -> dict[Vertex, list[Vertex]]:
        """What refers to what, each once. A copy refers to what its model refers to, not to the model."""
        edges = {owner: list(dict.fromkeys(uses)) for owner, uses in self.uses.items()}
        for name in self.nodes:
            edges.setdefault(("bands", name), []).append(("node", name))
        for name, signal in self.replaced.items():
            edges[("like", name)] = [
                use for use in edges.get(("node", name), ()) if use != ("signal", signal)
            ]
        return edges

    def is_silent(self, name: x.Name) -> bool:
        """Whether nothing is to be said about an unknown name: it is broken, or told at its first use."""
        told = self.told.get(("name", name.name))
        return (
            self.lost or name.name in self.broken or (told is not None and told[1].start <= name.span.start)
        )

    def unknown(
        self, code: str, name: x.Name, message: str, advice: str, labels: tuple[Label, ...] = ()
    ) -> None:
        """Reports a name that names nothing, at the first of its uses in the text."""
        if self.is_news(code, name.span, "name", name.name):
            self.problems.error(code, name.span, message, advice, labels)

    def unknown_value(
        self, code: str, span: Span, said: tuple[str, str, str], advice: str, labels: tuple[Label, ...] = ()
    ) -> None:
        """The same for a word that is no value: `said` is (of what, value or band or level, word)."""
        if self.is_news(code, span, *said):
            of, what, word = said
            self.problems.error(code, span, f"`{of}` has no {what} `{word}`", advice, labels)

    def is_news(self, code: str, span: Span, *key: str) -> bool:
        """Whether this is the first place, in the order of the text, for what `key` stands for.

        A later place that was told before is taken back: passes do not go through the file in its order.
        """
        told = self.told.get(key)
        if told is not None and told[1].start <= span.start:
            return False
        if told is not None:
            self.problems.retract(*told)
        self.told[key] = (code, span)
        return True

    def grow(self, amount: int, span: Span) -> bool:
        """Counts what copying adds; False, with one message, when the ruleset grows beyond the limit."""
        self.expansion += amount
        if self.expansion <= EXPANSION_LIMIT:
            return True
        if not self.too_large:
            self.too_large = True
            self.problems.error(
                "E449",
                span,
                f"what is copied here makes the ruleset longer than {EXPANSION_LIMIT:,} lines",
                "use `like`, sub-tables and group names in fewer places, or split the ruleset",
            )
        return False

    def clause(self, span: Span) -> str:
        """A piece of the source with white space folded."""
        return " ".join(self.source.slice(span).split())


def _whose(owner: Vertex) -> Vertex:
    """The declaration that a vertex belongs to."""
    kind, name = owner
    if kind == "column":
        return "table", name.partition(".")[0]
    return ("node", name) if kind in ("bands", "like") else owner


def band_names(bands: n.BandsDeclaration) -> tuple[str, ...]:
    """The bands of a declaration, each once, in written order."""
    return tuple(dict.fromkeys(row.result.name for row in bands.rows if isinstance(row.result, x.Name)))


@dataclass(frozen=True, slots=True)
class Place:
    """From where names are looked up: who asks, and the row table inside which it asks, if any."""

    scope: Scope
    owner: Vertex
    table: TableEntry | None = None

    def within(self, table: TableEntry) -> Place:
        """The same place inside the rows of `table`."""
        return Place(self.scope, self.owner, table.base or table)

    def ask_today(self, span: Span) -> None:
        """Remembers that the owner depends on the day."""
        self.scope.asks_today.append((self.owner, span))

    def use(self, kind: str, name: str) -> None:
        """Remembers that the owner refers to something."""
        self.scope.uses.setdefault(self.owner, []).append((kind, name))

    @property
    def problems(self) -> Problems:
        return self.scope.problems


Resolve = Callable[[x.Expression, Place], Expression | None]
"""What gives an expression as the model has it, from where it is asked; None after a message."""
