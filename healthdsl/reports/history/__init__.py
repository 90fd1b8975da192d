"""What changed between two runs, and a score over time: as values, text, Markdown, JSON and a drawing."""
