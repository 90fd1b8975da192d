"""Catalogue rows of the mistakes in files that a ruleset uses: E6xx.

An example is several files: each but the first stands behind a line `#--- NAME`.
"""

from __future__ import annotations

from healthdsl.diagnostics.entry import Entry

_SIGNALS = "#--- signals.health\ndictionary signals\n  language 1\n\nsignal nps number\n"
_USING = "ruleset example\n  language 1\n\nuse {}\n\nscore health = nps\n"


def _files(path: str, *files: str) -> str:
    return _USING.replace("{}", f'"{path}"') + "".join(files)


USE_CODES: tuple[Entry, ...] = (
    Entry(
        "E601",
        "a file is used where no file can be read",
        "`use` names a file beside the ruleset. A ruleset that came as a text, from standard input or "
        "through "
        "`healthdsl.loads`, lies in no folder; nothing is looked for then. In Python the texts of the "
        "files can "
        'be given with it: `loads(text, files={"signals.health": ..})`; on the command line `--root` names '
        "the folder.",
        _files("signals.health"),
        _files("signals.health", _SIGNALS),
    ),
    Entry(
        "E602",
        "a path that cannot be used",
        "Paths are relative to the file that says `use`, are written with `/`, end in `.health`, and stay "
        "in the "
        "folder of the ruleset (or in the folder that `--root` names). So a ruleset that somebody sends you "
        "reads no other file of yours.",
        _files("../../signals.health", _SIGNALS),
        _files("signals.health", _SIGNALS),
    ),
    Entry(
        "E603",
        "a used file that is not there",
        "There is no such file, or it cannot be read. Paths begin at the folder of the file that says `use`.",
        _files("signal.health", _SIGNALS),
        _files("signals.health", _SIGNALS),
    ),
    Entry(
        "E604",
        "a used file that is no plain file, or lies elsewhere",
        "Only plain files are read: no folders, devices and pipes. A link is followed as long as it stays "
        "within "
        "the folder that files may come from.",
        "",
        _files("signals.health", _SIGNALS),
    ),
    Entry(
        "E605",
        "files that use each other in a circle",
        "A file brings in what it uses, so it cannot use itself, at no distance. What two files need of each "
        "other belongs into a third that both use.",
        _files(
            "a.health",
            '#--- a.health\ndictionary a\n  language 1\n\nuse "b.health"\n\nsignal nps number\n',
            '#--- b.health\ndictionary b\n  language 1\n\nuse "a.health"\n\nsignal seats count\n',
        ),
        _files(
            "a.health",
            '#--- a.health\ndictionary a\n  language 1\n\nuse "b.health"\n\nsignal nps number\n',
            "#--- b.health\ndictionary b\n  language 1\n\nsignal seats count\n",
        ),
    ),
    Entry(
        "E606",
        "more used files than are allowed",
        "A ruleset may bring in 50 files with 1,048,576 characters together, and they may use each other "
        "8 deep.",
        "",
        _files("signals.health", _SIGNALS),
    ),
    Entry(
        "E607",
        "a used file that is no dictionary",
        "A file that others use begins with `dictionary NAME` and holds what they share. A ruleset gives "
        "a score "
        "of its own, so it is not used by another: what both need moves to a dictionary.",
        _files("signals.health", _SIGNALS.replace("dictionary signals", "ruleset signals")),
        _files("signals.health", _SIGNALS),
    ),
    Entry(
        "E608",
        "a dictionary that holds what belongs to a ruleset",
        "A dictionary holds signals, conditions, rows, levels, distributions, measures and groups, with "
        "their bands, and tests of its own. Scores, flags, plays, the default for missing data and the "
        "columns of the account's id and name are what a ruleset decides: whoever reads the ruleset finds "
        "them there.",
        _files("signals.health", _SIGNALS, "\nscore happiness = nps\n"),
        _files("signals.health", _SIGNALS, "\nmeasure happiness = nps\n"),
    ),
    Entry(
        "E609",
        "a `use` line behind other declarations",
        "What a file brings in stands at its top, under the header, where everybody looks first.",
        'ruleset example\n  language 1\n\nscore health = nps\n\nuse "signals.health"\n' + _SIGNALS,
        'ruleset example\n  language 1\n\nuse "signals.health"\n\nscore health = nps\n' + _SIGNALS,
    ),
    Entry(
        "E610",
        "a file used twice",
        "A file is brought in once. That another used file uses it too does not matter.",
        'ruleset example\n  language 1\n\nuse "signals.health"\nuse "./signals.health"\n\n'
        "score health = nps\n" + _SIGNALS,
        'ruleset example\n  language 1\n\nuse "signals.health"\n\nscore health = nps\n' + _SIGNALS,
    ),
    Entry(
        "E611",
        "a dictionary where a ruleset is needed",
        "A dictionary can be checked, laid out and tested by itself. To score accounts, name a ruleset "
        "that uses "
        "it.",
        "",
        _files("signals.health", _SIGNALS),
    ),
)
