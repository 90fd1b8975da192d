"""The accounts of a file scored one by one. Values that are not legal are gathered, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from healthdsl.cli.common.accounts import Asked
from healthdsl.cli.common.messages import MisuseError, count, warn
from healthdsl.cli.common.options import OnInvalid

if TYPE_CHECKING:
    from healthdsl import RecordError
    from healthdsl.api import CompiledRuleset, Result

BAD_SHOWN = 20
NOTES_SHOWN = 5
_IN_ROW = re.compile(r"(?P<table>\w+), row (?P<row>\d+), (?P<column>.+)")
"""How a RecordError calls a cell of a row."""


class Scoring:
    """One pass over a file of accounts. What is odd about the files is said on standard error."""

    def __init__(self, compiled: CompiledRuleset, asked: Asked) -> None:
        from healthdsl.records.seen import Seen

        self.seen = Seen()
        self._compiled = compiled
        self._asked = asked
        self._stops = asked.on_invalid is OnInvalid.STOP
        self._bad: list[str] = []
        self._bad_count = 0

    def records(self) -> Iterator[Mapping[str, object]]:
        """The account records, as the file has them."""
        from healthdsl.records import read_accounts

        asked = self._asked
        return read_accounts(
            asked.accounts,
            self._compiled.ruleset,
            rows=asked.rows,
            id_column=asked.id_column,
            warn=warn,
            seen=self.seen,
        )

    def results(self) -> Iterator[Result]:
        """The result of each account up to the first bad value. MisuseError at the end tells all of them."""
        for record in self.records():
            result = self.result_of(record)
            if not (self._stops and self._bad_count):
                yield result
        self.end()

    def result_of(self, record: Mapping[str, object]) -> Result:
        """The result for one record. Bad values count as missing in it; `end` must be called after it."""
        from healthdsl import RecordError

        try:
            # Raising at the first bad value is quicker, while there is none.
            raises = self._stops and not self._bad_count
            result = self._scored(record, raises=raises)
        except RecordError:
            result = self._scored(record, raises=False)
        for error in result.errors or ():
            self._note(error, result.account_id or "")
        return result

    def end(self) -> None:
        """MisuseError with the values that were not legal, or the count of those taken as missing."""
        if not self._stops:
            if self._bad_count > NOTES_SHOWN:
                warn(f"{self._bad_count - NOTES_SHOWN} more values taken as missing")
        elif self._bad_count == 1:
            advice = "Mend the value, or go on without it: --on-invalid missing."
            raise MisuseError(f"{self._bad[0]}\n{advice}")
        elif self._bad:
            rest = self._bad_count - len(self._bad)
            told = [f"  {each}" for each in self._bad] + ([f"  and {rest} more"] if rest else [])
            heading = f"{count(self._bad_count, 'value')} cannot be used:"
            advice = "Mend them, or go on without them: --on-invalid missing."
            raise MisuseError("\n".join([heading, *told, advice]))

    def _scored(self, record: Mapping[str, object], *, raises: bool) -> Result:
        return self._compiled.score(
            record, as_of=self._asked.as_of, on_invalid="raise" if raises else "missing"
        )

    def _note(self, error: RecordError, account: str) -> None:
        self._bad_count += 1
        if self._stops and len(self._bad) < BAD_SHOWN:
            self._bad.append(self._told(error, account))
        elif not self._stops and self._bad_count <= NOTES_SHOWN:
            warn(f"{self._told(error, account)}; taken as missing")

    def _told(self, error: RecordError, account: str) -> str:
        """`tickets.csv, line 12: account P-6: `opened` is '31/06/2026', expected a date such as ..`."""
        place, name, column = self.seen.places.get(account), error.signal, self._column_of(error.signal)
        if row := _IN_ROW.fullmatch(error.signal):
            row_place = self.seen.row_place(row["table"], account, int(row["row"]))
            column = self._column_in(row["table"], row["column"])
            if row_place is not None:
                place, name = row_place, row["column"]
        called = f" (column `{column}`)" if column != (row["column"] if row else name) else ""
        where = f"{place}: " if place else ""
        return f"{where}account {account}: `{name}`{called} is {error.found}, expected {error.expected}"

    def _column_of(self, signal: str) -> str:
        """What the file calls a signal."""
        return next((each.column for each in self._compiled.ruleset.signals if each.name == signal), signal)

    def _column_in(self, table: str, name: str) -> str:
        """What the file of rows calls a column."""
        tables = self._compiled.ruleset.tables
        columns = (column for each in tables if each.name == table for column in each.columns)
        return next((each.column for each in columns if each.name == name), name)
