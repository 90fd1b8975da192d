"""Reads the files that a ruleset uses, and those that they use: one file of syntax, all mistakes with it.

In: the ruleset as it was parsed, its source, and the root that files may come from. Out: the same with the
used files, a source that holds the text of all, and what is wrong with the files and the lines that use them.
The files stand in the order of one file that held everything: each behind those it uses itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from healthdsl.diagnostics.diagnostic import Diagnostic, Label
from healthdsl.sharing.paths import below_root, folder_of, path_problem
from healthdsl.sharing.roots import NotUsableError, Root
from healthdsl.source import Source, Span, join_sources, place_behind
from healthdsl.syntax import nodes as n
from healthdsl.syntax.guards import MAX_BYTES, MAX_MESSAGES, is_unreadable, read_source
from healthdsl.syntax.parser import parse_ruleset

MOST_FILES = 50
MOST_BYTES = 1_048_576
DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Gathered:
    """A ruleset with what it uses; `texts` are the used files by path, `asked` every path looked for."""

    source: Source
    file: n.RulesetFile
    diagnostics: tuple[Diagnostic, ...]
    texts: Mapping[str, str]
    names: Mapping[str, str]
    asked: tuple[str, ...]


def gather(source: Source, file: n.RulesetFile, root: Root | None) -> Gathered:
    """Everything that `file` uses; never raises for what is wrong with it."""
    walk = _Walk(source, root)
    walk.bring(file, [(root.own if root is not None else "", source.name)])
    whole = replace(file, used=tuple(walk.files), lost=walk.lost)
    found = tuple(walk.problems)
    return Gathered(
        join_sources(walk.sources), whole, found, walk.texts, walk.names, tuple(dict.fromkeys(walk.asked))
    )


class _Walk:
    """What was read so far."""

    def __init__(self, source: Source, root: Root | None) -> None:
        self.root = root
        self.sources = [source]
        self.files: list[n.RulesetFile] = []
        self.texts: dict[str, str] = {}
        self.names: dict[str, str] = {}
        self.asked: list[str] = []
        self.problems: list[Diagnostic] = []
        self.bytes = 0
        self.lost = False

    def bring(self, file: n.RulesetFile, chain: list[tuple[str, str]]) -> None:
        """Brings in what a file uses; `chain` are the files that lead to it, as path and as shown."""
        self._check_places(file)
        folder = folder_of(chain[-1][0]) if len(chain) > 1 or self.root is None else self.root.folder
        first: dict[str, n.UseDeclaration] = {}
        for use in file.declarations:
            if not isinstance(use, n.UseDeclaration) or len(self.problems) > MAX_MESSAGES:
                continue
            path = self._path(use, folder)
            if path is None:
                self.lost = True
                continue
            earlier = first.setdefault(path, use)
            if earlier is not use:
                labels = (Label(earlier.span, "first used here"),)
                self._tell("E610", use, "this file is used twice", "keep one of the two lines", labels)
            elif not self._is_there(use, path, chain):
                self._read(use, path, chain)

    def _check_places(self, file: n.RulesetFile) -> None:
        """`use` lines stand at the top, where they are seen."""
        seen: n.Declaration | None = None
        for declaration in file.declarations:
            if not isinstance(declaration, n.UseDeclaration):
                seen = seen or (None if isinstance(declaration, n.RulesetHeader) else declaration)
            elif seen is not None:
                message = "this `use` stands behind other declarations"
                labels = (Label(seen.span, "the first of them"),)
                advice = "move it to the top, under the header: what a file brings in is seen at once there"
                self._tell("E609", declaration, message, advice, labels)
                return

    def _path(self, use: n.UseDeclaration, folder: str) -> str | None:
        """The path below the root; None, with its problem told, when there is none."""
        problem = path_problem(use.path.value)
        if is_unreadable(use.path.value):
            return None  # the characters of this line were told
        if problem is not None:
            self._tell("E602", use, *problem)
            return None
        if self.root is None:
            message = "this ruleset is a text without a folder, so no file can be used"
            advice = "load it from its file, or give the texts of the files: `files={..}` in Python"
            self._tell("E601", use, message, advice)
            return None
        path = below_root(folder, use.path.value)
        if path is None:
            message = f"`{use.path.value}` leads out of the folder of the ruleset"
            self._tell("E602", use, message, "give a folder above both: `--root FOLDER`, `root=` in Python")
        return path

    def _is_there(self, use: n.UseDeclaration, path: str, chain: list[tuple[str, str]]) -> bool:
        """Whether a file was brought in already; a file that leads to itself is told."""
        for index, (known, _) in enumerate(chain):
            if known == path:
                circle = " -> ".join(name for _, name in (*chain[index:], chain[index]))
                message = f"this file is used by itself: {circle}"
                self._tell(
                    "E605",
                    use,
                    message,
                    "take one of these `use` lines out; what both files need goes into a third one",
                )
                return True
        return path in self.texts

    def _read(self, use: n.UseDeclaration, path: str, chain: list[tuple[str, str]]) -> None:
        """Reads a file and what it uses; it counts as lost when it cannot be read."""
        assert self.root is not None
        self.asked.append(path)
        source = self._source(use, path, len(chain))
        if source is None:
            self.lost = True
            return
        file, problems = parse_ruleset(source)
        self.problems += problems
        self.texts[path] = source.text
        self.names[path] = source.name
        if file.header is not None and not file.is_dictionary:
            labels = (Label(file.header.span, "it begins here"),)
            advice = "move what both need to a file that begins with `dictionary NAME`, and use that"
            self._tell("E607", use, f"`{source.name}` is a ruleset itself", advice, labels)
            self.lost = True
            return
        if file.header is None:
            self._tell_headless(use, file, source)
        self.bring(file, [*chain, (path, source.name)])
        self.files.append(file)

    def _tell_headless(self, use: n.UseDeclaration, file: n.RulesetFile, source: Source) -> None:
        if file.broken or not file.declarations:
            self.lost = True
        if not file.broken:
            labels = (Label(use.span, "used here"),)
            span = file.declarations[0].span if file.declarations else Span(*_first(source))
            message = f"`{source.name}` does not say what it is"
            advice = "begin the file with `dictionary my_signals` and, indented under it, `language 1`"
            self.problems.append(Diagnostic("E607", message, span, advice, labels))

    def _source(self, use: n.UseDeclaration, path: str, depth: int) -> Source | None:
        """The text of a file, in its place behind those before it; None, with its problem told."""
        assert self.root is not None
        if depth > DEEPEST:
            message = f"files use each other more than {DEEPEST} deep here"
            self._tell("E606", use, message, "use the file from the ruleset itself")
            return None
        if len(self.sources) > MOST_FILES:
            message = f"a ruleset may use {MOST_FILES} files, this is one more"
            self._tell("E606", use, message, "put several of them into one")
            return None
        try:
            data = self.root.read(path, MAX_BYTES + 1)
        except NotUsableError as found:
            self._tell(found.code, use, found.message, found.advice)
            return None
        self.bytes += len(data)
        if self.bytes > MOST_BYTES:
            message = f"the files that are used have more than {MOST_BYTES:,} characters together"
            self._tell("E606", use, message, "take out what no ruleset needs")
            return None
        return self._placed(use, data, self.root.shown(path))

    def _placed(self, use: n.UseDeclaration, data: bytes | str, name: str) -> Source | None:
        read, problems = read_source(data, name)
        start, line = place_behind(self.sources[-1])
        source = Source("" if read is None else read.text, name, start, line)
        self.sources.append(source)
        labels = (Label(use.span, "used here"),)
        self.problems += [replace(one, span=source.whole, labels=labels) for one in problems]
        return None if read is None else source

    def _tell(
        self, code: str, use: n.UseDeclaration, message: str, advice: str, labels: tuple[Label, ...] = ()
    ) -> None:
        self.problems.append(Diagnostic(code, message, use.path.span, advice, labels))


def _first(source: Source) -> tuple[int, int, int]:
    return source.start, source.start, source.first_line
