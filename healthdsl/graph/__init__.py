"""The evaluation graph: operations in order, the only thing a backend sees."""
