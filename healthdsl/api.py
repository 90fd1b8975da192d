"""The public face: a ruleset loaded from a file or a text, an account scored, its score explained.

A `CompiledRuleset` never changes after it is made, so threads may share it; it pickles as its text. A
`Result` holds what was read from the record, so that nothing done to the record afterwards changes what
the result says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from healthdsl.backends.record.errors import RecordError, shown
from healthdsl.backends.record.program import Scored, compile_record
from healthdsl.backends.record.source import Ask
from healthdsl.diagnostics.diagnostic import Diagnostic, RulesetError
from healthdsl.graph.fingerprint import fingerprint
from healthdsl.graph.graph import Graph
from healthdsl.graph.primitives import Primitive
from healthdsl.model.ruleset import Ruleset
from healthdsl.pipeline import collector_paused, compile_source, dictionary_found
from healthdsl.source import Source

if TYPE_CHECKING:
    from healthdsl.batch.columns import Explain
    from healthdsl.batch.frames import Form
    from healthdsl.explain.explanation import Code, Explanation, Move
    from healthdsl.explain.reach import Reach
    from healthdsl.schema import RecordModel
    from healthdsl.sharing.roots import Root, Texts

OnInvalid = Literal["raise", "missing"]


def load(path: str | Path, *, root: str | Path | None = None) -> CompiledRuleset:
    """The ruleset in a file, with the files that it uses.

    Those lie in the folder of the ruleset, or with `root` anywhere in that folder, which holds the ruleset
    too. RulesetError when it has mistakes, a used file that cannot be read among them; OSError when the file
    itself cannot be read; ValueError when it does not lie in `root`.
    """
    from healthdsl.sharing.roots import root_of

    return CompiledRuleset(Path(path).read_bytes(), str(path), root_of(path, root))


def loads(
    text: str | bytes, name: str = "<text>", *, files: Mapping[str, str | bytes] | None = None
) -> CompiledRuleset:
    """The ruleset in a text; `name` is what messages and reports call it. RulesetError when it has
    mistakes.

    What it uses comes from `files`, texts by path such as `{"signals.health": "dictionary .."}`; no file is
    read.
    """
    if not isinstance(text, (str, bytes)):
        raise TypeError(
            f"loads takes the text of a ruleset, found {shown(text)}; load reads a file by its path"
        )
    return CompiledRuleset(text, name, None if files is None else _texts(files))


def _texts(files: Mapping[str, str | bytes]) -> Texts:
    from healthdsl.sharing.roots import Texts

    for path, text in files.items():
        if not isinstance(text, (str, bytes)):
            raise TypeError(f"files takes texts by path, found {shown(path)}: {shown(text)}")
    return Texts(dict(files))


class CompiledRuleset:
    """A ruleset, ready to score."""

    def __init__(
        self,
        text: str | bytes,
        source_name: str = "<text>",
        root: Root | None = None,
        *,
        dictionary: bool = False,
    ) -> None:
        compilation = compile_source(text, source_name, root)
        if compilation.ruleset is None or compilation.graph is None:
            raise RulesetError(compilation.source, compilation.diagnostics)
        if not dictionary and compilation.file is not None and compilation.file.is_dictionary:
            raise RulesetError(compilation.source, (dictionary_found(compilation.file),))
        self.used: Mapping[str, str] = MappingProxyType(dict(compilation.texts))
        self._made_of = (text, source_name, _home(root, compilation.names))
        self.ruleset: Ruleset = compilation.ruleset
        self.graph: Graph = compilation.graph
        self.source: Source = compilation.source
        self.warnings: tuple[Diagnostic, ...] = compilation.diagnostics
        self.needs_as_of = any(op.primitive is Primitive.TODAY for op in self.graph.ops)
        self._ask = _ask(self.ruleset)
        with collector_paused():
            self._program = compile_record(self.graph, self._ask, Result)
        self._run = self._program.run

    @property
    def name(self) -> str:
        return self.ruleset.name

    @property
    def version(self) -> str:
        return self.ruleset.version

    @cached_property
    def fingerprint(self) -> str:
        """12 hexadecimal digits that change whenever the ruleset's meaning does, and only then."""
        return fingerprint(self.ruleset)

    @cached_property
    def _reaches(self) -> dict[str, Reach]:
        from healthdsl.explain.bounds import find_reaches

        return find_reaches(self.graph)

    def __reduce__(self) -> tuple[Callable[..., CompiledRuleset], tuple[object, ...]]:
        return _compiled_from, (*self._made_of, dict(self.used))

    def __repr__(self) -> str:
        return f"<ruleset {self.name} {self.version}>"

    def score(
        self,
        record: Mapping[str, object],
        *,
        as_of: date | str | None = None,
        on_invalid: OnInvalid = "raise",
    ) -> Result:
        """Score one account record: values by column name, a list of mappings for each row table.

        `as_of` is the day to score for; a ruleset that looks at dates needs it (`needs_as_of`). A value that
        does not fit the contract raises RecordError, or with `on_invalid="missing"` counts as missing and is
        told in `notes`.
        """
        if record.__class__ is not dict:
            record = _plain(record)
        today = None if as_of is None and not self.needs_as_of else self._day(as_of)
        try:
            result: Result = self._run(
                self, record, today, None if on_invalid == "raise" else _notes(on_invalid)
            )
        except RecordError as error:
            account = _first_text(record, self._ask.id_keys)
            raise RecordError(account, error.signal, error.found, error.expected) from None
        return result

    def score_many(  # noqa: PLR0913 -- an option each
        self,
        accounts: Any,
        rows: Mapping[str, Any] | None = None,
        *,
        as_of: date | str | None = None,
        explain: Explain = "parts",
        out: str | Path | None = None,
        result: Form | None = None,
        memory: str | None = None,
        threads: int | None = None,
        strict: bool = False,
        rejects: str | Path | None = None,
        progress: Callable[[float], None] | None = None,
        id_column: str | None = None,
        history: str | Path | None = None,
    ) -> Any:
        """Score a whole book of accounts at once, in DuckDB within this process: a row an account.

        `accounts` is a path (CSV, TSV, Parquet, JSON, JSON Lines, also .gz), a pattern such as
        `accounts-*.parquet`, a list of paths, an Arrow table or reader, a pandas or polars frame, or a DuckDB
        relation. It has a column for each input signal, called as the ruleset says, and one of the id.
        `rows` has the same for each table of rows, with a column of the account id; rows may also be lists
        in a column of the accounts that is called as the table. Cells are read as those of records: blank
        text, NULL, NaN and infinities are missing. A cell that cannot be read counts as missing, and
        `bad_cells` names it; `rejects` names a file (.csv, .jsonl, .parquet) for all of them, and with
        `strict` any is an error.

        The columns are account_id, account_name (if there is one), score, band, coverage, the points and
        bands of further scores, a yes/no of every flag and play, and bad_cells. `explain="parts"` adds the
        points of each measure and group, which of their rows and lines fired, and the value of every signal;
        "full" adds every other output; "none" adds nothing. Rows come in the order of the accounts.

        Without `out` the result is a table: "arrow", "pandas", "polars" or a "duckdb" relation, by default
        what `accounts` is, Arrow for files. With `out` (.parquet, .csv, .json, .jsonl) the file is written
        whole or not at all, and a summary with counts comes back. `memory` ("1GB") bounds what DuckDB holds
        at once: more is put on the disk. `progress` is called with the share that is done, 0 to 1. `history`
        names the folder of runs in which this one is kept by its `as_of`, in place of an older run of the day
        and as a whole or not at all: what `healthdsl changes` compares. It is kept once the book is scored.

        What is odd but usable is a `BookWarning`: a column that the accounts do not have at all, rows that
        were not given or belong to no account, no column of ids (then accounts go by their number).

        Raises FileError for files that cannot be used, an `out` or `rejects` that is one of the inputs, and
        ids that are missing or stand twice, BadCellsError (a FileError) with `strict`, ValueError for options
        that make no sense and without the `as_of` that a ruleset or `history` needs, TypeError for objects
        that are no table and options of another type, BackendUnavailable when the package of the result is
        not installed.
        """
        from healthdsl.batch.options import path_text
        from healthdsl.batch.remarks import warn_caller
        from healthdsl.batch.score_many import Request, score_many
        from healthdsl.batch.scoring import Limits

        day = self._day(as_of)
        request = Request(
            explain=explain,
            out=path_text("out", out),
            result=result,
            as_of=None if day is None else date.fromordinal(day),
            id_column=id_column,
            strict=strict,
            rejects=path_text("rejects", rejects),
            limits=Limits(memory, threads, progress),
            in_python=True,
            warn=warn_caller,
        )
        if history is not None:
            from healthdsl.history.write import keeping_request

            request = keeping_request(self.ruleset, self.graph, str(history), request)
        return score_many(self.ruleset, self.graph, accounts, rows, request)

    def on_spark(
        self,
        df: Any,
        rows: Mapping[str, Any] | None = None,
        *,
        as_of: date | str | None = None,
        explain: Explain = "parts",
        id_column: str | None = None,
    ) -> Any:
        """Score a whole book of accounts in Spark: from a DataFrame to a DataFrame, a row an account.

        `df` has a column for each input signal, called as the ruleset says, and one of the account id, which
        must stand there once. `rows` has a DataFrame for each table of rows, with a column of the account id;
        rows may also be an array of structs in a column of `df` that is called as the table. Columns and
        `explain` are those of `score_many`; cells are read as those of records, times by their date in UTC. A
        cell that cannot be read counts as missing, and `bad_cells` names it.

        Nothing is computed before an action asks for it, and the session is left as it was.

        A column that `df` does not have, and rows that are not given, are missing in every account: a
        `BookWarning` names them. Raises TypeError for what is no DataFrame, ValueError without a column of
        ids, when none of the ruleset's columns is there, for rows that the ruleset does not have and without
        the `as_of` it needs, BackendUnavailable when pyspark is not installed.
        """
        from healthdsl.batch.on_spark import SparkRequest, on_spark

        day = self._day(as_of)
        today = None if day is None else date.fromordinal(day)
        return on_spark(self.ruleset, self.graph, df, rows, SparkRequest(explain, today, id_column))

    def _day(self, as_of: date | str | None) -> int | None:
        if as_of is None:
            if self.needs_as_of:
                raise ValueError(
                    f"the ruleset {self.name} looks at dates: say for which day, as_of=date(2026, 3, 31)"
                )
            return None
        if isinstance(as_of, str):
            return _ordinal(as_of)
        if not isinstance(as_of, date):
            raise TypeError(f"as_of is {shown(as_of)}, expected a date")
        if isinstance(as_of, datetime) and as_of.tzinfo is not None:
            try:
                as_of = as_of.astimezone(UTC)
            except OverflowError:
                raise ValueError(f"as_of is {shown(as_of)}, outside of the years 1 to 9999 in UTC") from None
        return as_of.toordinal()

    def explain_line(self, line: Any, *, as_of: date | str | None = None) -> Explanation:
        """The explanation of an account from its line of a scored book, by column name.

        The line is one of `score_many` or `healthdsl score` with "parts" or "full"; nothing else is needed,
        neither the accounts nor their rows. It is a mapping by column name, such as a named row of polars or
        of `csv.DictReader`, or a row of pandas; None, NaN, NA, NaT and blank text are missing. `as_of` is the
        day that the book was scored for. Raises TypeError for what is no line, ValueError for a line that
        lacks a column or has something else in it, and without the `as_of` a ruleset needs.
        """
        from healthdsl.batch.line import line_of
        from healthdsl.batch.rebuild import explain_row

        day = self._day(as_of)
        return explain_row(
            self.ruleset,
            self.graph,
            line_of(line),
            as_of=None if day is None else date.fromordinal(day),
            fingerprint=self.fingerprint,
            reaches=self._reaches,
        )

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of a record."""
        from healthdsl.schema import record_schema

        return record_schema(self.ruleset, self.graph)

    def record_model(self) -> RecordModel:
        """A pydantic model of a record; needs pydantic, which nothing else here loads."""
        from healthdsl.schema import record_model

        return record_model(self.ruleset, self.graph)


Home = tuple[str, str, dict[str, str]]
"""The folder and the path of a ruleset below its root, and what its used files are called."""


def _home(root: Root | None, names: Mapping[str, str]) -> Home | None:
    return None if root is None else (root.folder, root.own, dict(names))


def _compiled_from(
    text: str | bytes, name: str, home: Home | None, used: Mapping[str, str]
) -> CompiledRuleset:
    """A ruleset as it was before pickling, from the texts that it was made of."""
    if home is None:
        return CompiledRuleset(text, name)
    from healthdsl.sharing.roots import Texts

    folder, own, names = home
    return CompiledRuleset(text, name, Texts(used, folder, own, names))


def _ordinal(as_of: str) -> int:
    """The day of a text such as 2026-03-31, the one form that records have too."""
    try:
        if as_of[4:5] == as_of[7:8] == "-":
            return date.fromisoformat(as_of).toordinal()
    except ValueError:
        pass
    raise ValueError(f"as_of is {shown(as_of)}, expected a date such as 2026-03-31")


def _ask(ruleset: Ruleset) -> Ask:
    """What scoring works out at once."""
    main, plain = ruleset.main_score, Ask()
    return Ask(
        f"{main}__points",
        f"{main}__band",
        plain.id_keys if ruleset.account_id is None else (ruleset.account_id,),
        plain.name_keys if ruleset.account_name is None else (ruleset.account_name,),
    )


def _notes(on_invalid: str) -> list[RecordError]:
    """Where errors are gathered instead of raised."""
    if on_invalid != "missing":
        raise ValueError(f'on_invalid is {shown(on_invalid)}, expected "raise" or "missing"')
    return []


def _plain(record: object) -> dict[str, object]:
    """A record that is no plain dict, as one."""
    if isinstance(record, Mapping):
        return dict(record)
    raise RecordError(None, "record", shown(record), "a mapping of column names to values")


def _first_text(record: Mapping[str, object], keys: tuple[str, ...]) -> str | None:
    for key in keys:
        found = record.get(key)
        if found is not None:
            return _text(found)
    return None


def _text(found: object) -> str:
    """An id or name as text, whatever it is."""
    try:
        return str(found)
    except ValueError:  # a whole number of more digits than Python writes
        return shown(found)


class Result(Scored):
    """The score of one account.

    `score` and `band` are there at once; all else is worked out when asked for, from what was read of the
    record.
    """

    __slots__ = ("_values",)

    _values: Mapping[str, object]

    @property
    def account_id(self) -> str | None:
        """The account's id as text; None when the record has none."""
        return None if self.id_found is None else _text(self.id_found)

    @property
    def account_name(self) -> str | None:
        return None if self.name_found is None else _text(self.name_found)

    def __reduce__(self) -> tuple[Callable[..., Result], tuple[Any, ...]]:
        state = tuple(getattr(self, slot) for slot in Scored.__slots__)
        return _result_from, state

    @property
    def _compiled(self) -> CompiledRuleset:
        compiled: CompiledRuleset = self.owner
        return compiled

    @property
    def values(self) -> Mapping[str, object]:
        """Every output of the graph by name: numbers float, dates as `date.toordinal()`, missing ones
        None.
        """
        try:
            return self._values
        except AttributeError:
            self._values = MappingProxyType(self._compiled._program.full(self.snapshot, self.today))
            return self._values

    @property
    def as_of(self) -> date | None:
        return None if self.today is None else date.fromordinal(self.today)

    @property
    def notes(self) -> tuple[str, ...]:
        """A sentence for each value that was taken as missing because it did not fit."""
        return tuple(f"{error.problem}; taken as missing" for error in self.errors or ())

    @property
    def coverage(self) -> float | None:
        """The share of the main score's weight that was known."""
        share: float | None = self._of(f"{self._compiled.ruleset.main_score}__coverage")
        return share

    @property
    def scores(self) -> dict[str, float | None]:
        """The points of every score."""
        return {
            n.name: self._of(f"{n.name}__points") for n in self._compiled.ruleset.nodes if n.word == "score"
        }

    @property
    def parts(self) -> dict[str, float | None]:
        """The points of every measure, group and score."""
        return {node.name: self._of(f"{node.name}__points") for node in self._compiled.ruleset.nodes}

    @property
    def bands(self) -> dict[str, str | None]:
        """The band of every banded node."""
        return {bands.node: self._of(f"{bands.node}__band") for bands in self._compiled.ruleset.bands}

    @property
    def levels(self) -> dict[str, str | None]:
        """The level of every node that has levels."""
        nodes = self._compiled.ruleset.nodes
        return {node.name: self._of(f"{node.name}__level") for node in nodes if node.levels is not None}

    @property
    def flags(self) -> tuple[str, ...]:
        """The flags that are raised, in the order of the ruleset."""
        return self._raised("flag")

    @property
    def plays(self) -> tuple[str, ...]:
        """The plays that are raised, in the order of the ruleset."""
        return self._raised("play")

    def _raised(self, word: str) -> tuple[str, ...]:
        flags = self._compiled.ruleset.flags
        return tuple(flag.name for flag in flags if flag.word == word and self.values[flag.name] is True)

    def _of(self, output: str) -> Any:
        return self.values.get(output)

    def explain(self) -> Explanation:
        """Why the account has this score, and what would move it."""
        from healthdsl.explain.moves import find_moves

        compiled = self._compiled
        inputs, tables = compiled._program.inputs_of(self.snapshot)
        return self._explained(find_moves(compiled.ruleset, compiled.graph, inputs, tables, self.today))

    @property
    def reasons(self) -> tuple[Code, ...]:
        """The codes of the reasons that cost the main score points: most points first, ties as written."""
        main = self._explained(()).main
        return () if main is None else main.reasons

    def _explained(self, moves: Sequence[Move]) -> Explanation:
        from healthdsl.explain.explain import explain

        compiled = self._compiled
        return explain(
            compiled.ruleset,
            self.values,
            account_id=self.account_id,
            account_name=self.account_name,
            as_of=self.as_of,
            fingerprint=compiled.fingerprint,
            notes=self.notes,
            invalid={error.signal: error.found for error in self.errors or ()},
            moves=moves,
            reaches=compiled._reaches,
        )

    def __repr__(self) -> str:
        return f"<result {self._compiled.name} {self.account_id or ''}: {self.score} {self.band or ''}>"


def _result_from(*state: object) -> Result:
    """A Result as it was before pickling; what had been worked out is worked out again."""
    result = Result()
    for slot, value in zip(Scored.__slots__, state, strict=True):
        setattr(result, slot, value)
    return result
