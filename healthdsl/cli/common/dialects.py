"""The dialects of SQL by name, as the command line takes them."""

from __future__ import annotations

from enum import StrEnum


class DialectName(StrEnum):
    """The dialects of SQL."""

    DUCKDB = "duckdb"
    SPARK = "spark"
    DATABRICKS = "databricks"
    POSTGRES = "postgres"
    SNOWFLAKE = "snowflake"
    BIGQUERY = "bigquery"
    REDSHIFT = "redshift"
    TRINO = "trino"
    SQLITE = "sqlite"
