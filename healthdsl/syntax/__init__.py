"""From text to syntax nodes: what was written, with its places and comments. Names mean nothing here yet."""
