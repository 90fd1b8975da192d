"""The SQL of every dialect: its text, what it refuses, and what databases make of it."""
