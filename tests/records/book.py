"""A ruleset of three signals and a table, and files to read for it."""

from collections.abc import Mapping
from pathlib import Path

from healthdsl.model.ruleset import Column, RowTable, Ruleset, Signal
from healthdsl.model.types import COUNT, DATE, NUMBER, TEXT, Type
from healthdsl.records.accounts import read_accounts


def signal(name: str, column: str, kind: Type = NUMBER) -> Signal:
    return Signal(name=name, type=kind, title=name, column=column)


TICKETS = RowTable(
    name="tickets",
    title="Tickets",
    dated="opened_on",
    columns=(
        Column(name="opened_on", type=DATE, title="Opened", column="opened_on"),
        Column(name="priority", type=TEXT, title="Priority", column="Priority"),
    ),
)


def ruleset(
    *,
    account_id: str | None = None,
    signals: tuple[Signal, ...] | None = None,
    tables: tuple[RowTable, ...] = (),
) -> Ruleset:
    return Ruleset(
        name="tiny",
        title="Tiny",
        version="1",
        owner=None,
        account_id=account_id,
        account_name=None,
        signals=signals or (signal("seats", "Seats", COUNT), signal("nps", "NPS Score")),
        tables=tables,
        levels=(),
        nodes=(),
        bands=(),
        flags=(),
    )


class Folder:
    """A folder of files, and what reading them gives."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.warnings: list[str] = []

    def file(self, name: str, content: str | bytes) -> str:
        data = content if isinstance(content, bytes) else content.encode()
        (self.path / name).write_bytes(data)
        return str(self.path / name)

    def read(
        self, name: str, rules: Ruleset, rows: Mapping[str, str] | None = None, id_column: str | None = None
    ) -> list[dict[str, object]]:
        path = name if name == "-" else str(self.path / name)
        records = read_accounts(path, rules, rows=rows or {}, id_column=id_column, warn=self.warnings.append)
        return [dict(record) for record in records]
