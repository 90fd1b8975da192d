"""The SQL backend on the engines at hand: DuckDB and SQLite always, PostgreSQL and Spark where found."""
