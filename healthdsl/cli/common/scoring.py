"""The accounts of a file scored one by one by the record engine; bad cells are gathered with their places."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from healthdsl.cli.common.accounts import Asked
from healthdsl.cli.common.messages import MisuseError, warn

if TYPE_CHECKING:
    from healthdsl import RecordError
    from healthdsl.api import CompiledRuleset, Result
    from healthdsl.batch.bad_cells import BadCell, BadCells


class Scoring:
    """One pass over a file of accounts. What is odd about the files is said on standard error; `keep` takes
    every bad cell.
    """

    def __init__(
        self, compiled: CompiledRuleset, asked: Asked, keep: Callable[[BadCell], None] = lambda _: None
    ) -> None:
        from healthdsl.batch.bad_cells import BadCells
        from healthdsl.records.seen import Seen

        self.seen = Seen()
        self._compiled = compiled
        self._asked = asked
        self._bad = BadCells(keep=keep)

    def records(self) -> Iterator[Mapping[str, object]]:
        """The account records, as the file has them."""
        from healthdsl.records.accounts import read_accounts

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
        """The result of each account. At the end bad cells are told, or MisuseError in a strict run."""
        for record in self.records():
            yield self.result_of(record)
        self.end()

    def result_of(self, record: Mapping[str, object]) -> Result:
        """The result for one record. Bad cells count as missing in it; `end` must be called after it."""
        result = self._compiled.score(record, as_of=self._asked.as_of, on_invalid="missing")
        for error in result.errors or ():
            self._bad.add(self._cell(error, result.account_id or ""))
        return result

    def end(self) -> None:
        """Tell the bad cells; MisuseError in a strict run that has any."""
        if self._bad.total:
            tell_bad(self._bad.in_order(self._compiled.graph), strict=self._asked.strict)

    def _cell(self, error: RecordError, account: str) -> BadCell:
        """What the error says, as a cell; MisuseError when not a cell is bad, but what should hold cells."""
        from healthdsl.batch.bad_cells import BadCell, field_name, row_number

        place, name = self.seen.places.get(account), field_name(error.signal)
        number = row_number(error.signal)
        if number is not None:
            table = name.partition(".")[0] if "." in name else error.signal.partition(",")[0]
            place = self.seen.row_place(table, account, number) or place
        columns = self._columns
        if name not in columns:
            where = f"{place}: " if place else ""
            raise MisuseError(f"{where}{error}")
        return BadCell(account, name, columns[name], error.found, error.expected, place)

    @property
    def _columns(self) -> dict[str, str]:
        """What the files call each field."""
        from healthdsl.batch.bad_cells import contract_fields

        return {name: field.column for name, field in contract_fields(self._compiled.graph)}


def tell_bad(bad: BadCells, *, strict: bool) -> None:
    """Say which cells could not be read; MisuseError when none may be."""
    if strict:
        advice = "Mend them, or leave --strict out: then they count as missing."
        raise MisuseError(f"{bad.told('cannot be read')}\n{advice}")
    verb = "counts" if bad.total == 1 else "count"
    warn(bad.told(f"cannot be read and {verb} as missing"))
