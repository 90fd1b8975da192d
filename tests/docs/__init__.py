"""The docs are run: snippets and transcripts in README.md and docs/ are compared with what really happens."""
