"""Files that a ruleset brings in with `use`: found below one root, read within limits, parsed.

`roots` says where files may come from, `gather` reads what a ruleset uses and hands it on as one file.
"""
