"""The command line: one file a command, what they share in `common`, and `main` which knows them all."""
