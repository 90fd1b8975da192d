"""The sentences of a plan with titles in place of names: `In score “Health”, the weight of “Usage” goes ..`.

In: changes, and the two rulesets that know the titles. Lines of a ruleset between backticks stay as they are
written: they are what is reviewed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from healthdsl.diff.change import Change
from healthdsl.explain.reading import Names
from healthdsl.explain.say import quoted
from healthdsl.model.ruleset import Ruleset

# Where a sentence of the comparison has a name that is not between backticks.
_SUBJECT = re.compile(r"^((?:bands of|measure|group|score|signal|flag|play|condition) )(\w+)")
_SAID = re.compile(
    r"(^|\bthe weight of |\bwhat )(\w+)(?= goes| is a part| is no part| counts | is called there)"
)


def titled_sentences(old: Ruleset, new: Ruleset) -> Callable[[Change], str]:
    """What gives the sentence of a change. Where both versions have a title, it is that of the new one."""
    titles = {**_titles(old), **_titles(new)}

    def sentence(change: Change) -> str:
        subject = _replaced(_SUBJECT, change.subject, titles)
        said = change.said if change.whole else _replaced(_SAID, change.said, titles)
        return Change(change.number, subject, change.kind, change.effect, said, change.whole).sentence

    return sentence


def _replaced(pattern: re.Pattern[str], text: str, titles: Mapping[str, str]) -> str:
    def titled(found: re.Match[str]) -> str:
        title = titles.get(found[2])
        return found[0] if title is None else f"{found[1]}{quoted(title)}"

    return pattern.sub(titled, text, count=1)


def _titles(ruleset: Ruleset) -> dict[str, str]:
    """Titles by name; a node goes before the signal that it shares its name with."""
    names = Names.of(ruleset)
    flags = {flag.name: flag.title for flag in ruleset.flags}
    signals = {signal.name: signal.title for signal in ruleset.signals}
    return {**flags, **signals, **{node.name: names.title(node) for node in ruleset.nodes}}
