"""Rulesets over HTTP: `healthdsl serve RULESETS_DIR`; needs the extra `healthdsl[serve]`.

A folder of rulesets becomes a `Shelf`: what is served, as one value that never changes. A reload makes
another shelf and puts it in place of the first, so every request sees one state of the folder from its
beginning to its end.

    folder -- read --> Shelf                              library, watch
    request -- body, json_text --> asked --> answers      front, scoring; explaining
    anything wrong --> Problem                            problems (RFC 9457)

POST requests, which are all the load there is, go a thin way of their own (`front`): the record is checked
by the ruleset's own program, so nothing else validates it. The GET pages are plain FastAPI (`app`).
"""
