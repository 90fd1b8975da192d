"""What went by while files were read: where accounts and rows stand, and what was odd about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(slots=True)
class Seen:
    """Filled as accounts are read.

    `places` is where each account stands (`accounts.csv, line 7`), `rows` where each row of a table's file
    stands, by table and account. `repeated` says which ids came again and where, `fields` holds every field
    of a record, `absent` the columns of signals that no account has, `form` is that of the accounts' file.
    """

    places: dict[str, str] = field(default_factory=dict)
    rows: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    repeated: list[str] = field(default_factory=list)
    fields: set[str] = field(default_factory=set)
    absent: list[str] = field(default_factory=list)
    form: str = ""

    def note(self, account: str, place: str, record: Mapping[str, object]) -> None:
        if account in self.places:
            self.repeated.append(f"`{account}`: {self.places[account]}, and {place}")
        else:
            self.places[account] = place
        self.fields.update(record)

    def row_place(self, table: str, account: str, number: int) -> str | None:
        """Where row `number` (from 1) of an account stands; None when its rows are in the record itself."""
        places = self.rows.get(table, {}).get(account, [])
        return places[number - 1] if number <= len(places) else None
