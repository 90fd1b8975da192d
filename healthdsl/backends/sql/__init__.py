"""The evaluation graph as one SQL query: a common table expression for each layer, printed per dialect."""
