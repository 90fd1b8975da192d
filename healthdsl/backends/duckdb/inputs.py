"""Files as relations: each kind of file with the SQL that reads it.

What the files hold was found out before (`healthdsl.batch.files`): the names in the header of a text file,
its separator, the lines before the header. DuckDB guesses nothing, and reads every cell of a text as text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from healthdsl.backends.duckdb.quoting import literal, literals, quoted
from healthdsl.backends.duckdb.shapes import Found, Shape

LONGEST_LINE = 16_000_000
_KEYS = "CASE WHEN json_type(json) = 'OBJECT' THEN json_keys(json) ELSE error('a record is no object') END"


@dataclass(frozen=True, slots=True)
class CsvFiles:
    """Text files of one layout. `header` are the names of all columns, `skipped` the lines before it."""

    paths: tuple[str, ...]
    header: tuple[str, ...]
    separator: str
    skipped: int = 0

    @property
    def columns(self) -> dict[str, Found]:
        """Every column by name; of columns of one name the last, as a record would have it."""
        return {name: Found(f"c{k}", Shape.TEXT, "VARCHAR") for k, name in enumerate(self.header)}

    @property
    def sql(self) -> str:
        columns = ", ".join(f"c{k}: 'VARCHAR'" for k in range(len(self.header)))
        options = {
            "auto_detect": "false",
            "columns": f"{{{columns}}}",
            "header": "true",
            "skip": str(self.skipped),
            "delim": literal(self.separator),
            "quote": "'\"'",
            "escape": "'\"'",
            "nullstr": "''",
            "strict_mode": "true",
            "null_padding": "false",
            "ignore_errors": "false",
            "max_line_size": str(LONGEST_LINE),
            "hive_partitioning": "false",
        }
        return f"read_csv({literals(self.paths)}, {_written(options)})"

    @property
    def all_blank(self) -> str:
        """Whether a row has no cell that is not empty."""
        return f"coalesce({', '.join(f'c{k}' for k in range(len(self.header)))}) IS NULL"


@dataclass(frozen=True, slots=True)
class JsonFiles:
    """JSON or JSON Lines files; `layout` is array, newline_delimited or unstructured (one object).

    `wanted` are the keys that are read, each as the JSON it is.
    """

    paths: tuple[str, ...]
    layout: str
    wanted: tuple[str, ...]

    @property
    def columns(self) -> dict[str, Found]:
        if self._clash:
            return {
                name: Found(f"json_extract(json, {pointer(name)})", Shape.JSON, "JSON")
                for name in self.wanted
            }
        return {name: Found(quoted(name), Shape.JSON, "JSON") for name in self.wanted}

    @property
    def sql(self) -> str:
        options = {
            "format": literal(self.layout),
            "maximum_object_size": str(LONGEST_LINE),
            "hive_partitioning": "false",
        }
        if self._clash:
            return f"read_json_objects({literals(self.paths)}, {_written(options)})"
        options["columns"] = "{" + ", ".join(f"{quoted(name)}: 'JSON'" for name in self.wanted) + "}"
        return f"read_json({literals(self.paths)}, {_written(options)})"

    @property
    def _clash(self) -> bool:
        """Whether two keys differ in their case only, which names of columns in DuckDB cannot."""
        return len({name.casefold() for name in self.wanted}) < len(self.wanted) or not self.wanted

    @property
    def keys(self) -> str:
        """A query of all keys that any record has, each with the path of its file."""
        path = literal(self.paths[0]) if len(self.paths) == 1 else "filename"
        return f"SELECT DISTINCT {path}, unnest({_KEYS}) FROM {self._objects}"  # noqa: S608 -- all quoted

    @property
    def first_keys(self) -> str:
        """A query of the keys of the first record, as a list; no row when there is no record."""
        return f"SELECT {_KEYS} FROM {self._objects} LIMIT 1"  # noqa: S608 -- all quoted

    @property
    def _objects(self) -> str:
        options = {
            "format": literal(self.layout),
            "maximum_object_size": str(LONGEST_LINE),
            "filename": "true",
        }
        return f"read_json_objects({literals(self.paths)}, {_written(options)})"


@dataclass(frozen=True, slots=True)
class ParquetFiles:
    """Parquet files; columns are matched by name."""

    paths: tuple[str, ...]

    @property
    def sql(self) -> str:
        options = {"union_by_name": "true" if len(self.paths) > 1 else "false", "hive_partitioning": "false"}
        return f"read_parquet({literals(self.paths)}, {_written(options)})"


@dataclass(frozen=True, slots=True)
class Held:
    """A frame or table that the engine knows by a name."""

    name: str

    @property
    def sql(self) -> str:
        return quoted(self.name)


@dataclass(frozen=True, slots=True)
class Several:
    """Text files of several layouts, one below the other."""

    parts: tuple[CsvFiles | JsonFiles, ...]
    names: tuple[str, ...] = field(default=())

    @property
    def columns(self) -> dict[str, Found]:
        return {name: Found(f"c{k}", self._shape, "") for k, name in enumerate(self.names)}

    @property
    def _shape(self) -> Shape:
        return Shape.TEXT if isinstance(self.parts[0], CsvFiles) else Shape.JSON

    @property
    def sql(self) -> str:
        selects = [f"SELECT {self._picked(part.columns)} FROM {part.sql}" for part in self.parts]  # noqa: S608
        return f"({' UNION ALL '.join(selects)})"

    def _picked(self, columns: Mapping[str, Found]) -> str:
        return ", ".join(
            f"{columns[name].sql if name in columns else 'NULL'} AS c{k}" for k, name in enumerate(self.names)
        )

    @property
    def all_blank(self) -> str:
        """Whether a row of text has no cell that is not empty."""
        return f"coalesce({', '.join(f'c{k}' for k in range(len(self.names)))}) IS NULL"


Input = CsvFiles | JsonFiles | ParquetFiles | Held | Several


def pointer(key: str) -> str:
    """A key of an object as a JSON pointer."""
    return literal("/" + key.replace("~", "~0").replace("/", "~1"))


def _written(options: Mapping[str, str]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in options.items())
