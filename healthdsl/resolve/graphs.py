"""Orders and cycles of references, without recursion: a chain of thousands of signals is as good as a short
one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

V = TypeVar("V")


def in_order(vertices: Iterable[V], needs: Callable[[V], Iterable[V]]) -> list[V]:
    """The vertices, each behind what it needs; inside a cycle in the order they were reached."""
    wanted = dict.fromkeys(vertices)
    done: dict[V, None] = {}
    entered: set[V] = set()
    for root in wanted:
        if root in entered:
            continue
        entered.add(root)
        stack = [(root, iter(tuple(needs(root))))]
        while stack:
            vertex, rest = stack[-1]
            following = next((other for other in rest if other in wanted and other not in entered), None)
            if following is not None:
                entered.add(following)
                stack.append((following, iter(tuple(needs(following)))))
            else:
                stack.pop()
                done.setdefault(vertex)
    return list(done)


def loops(edges: Mapping[V, Sequence[V]]) -> list[list[V]]:
    """One shortest loop for each knot of vertices that reach each other, beginning at its first vertex."""
    order = {vertex: index for index, vertex in enumerate(edges)}
    found = []
    for knot in _knots(edges):
        if len(knot) > 1 or knot[0] in edges.get(knot[0], ()):
            first = min(knot, key=lambda vertex: order[vertex])
            found.append(_shortest_loop(edges, first, set(knot)))
    return found


def _knots(edges: Mapping[V, Sequence[V]]) -> list[list[V]]:
    """Strongly connected components (Tarjan 1972), iteratively."""
    index: dict[V, int] = {}
    low: dict[V, int] = {}
    path: list[V] = []
    on_path: set[V] = set()
    knots: list[list[V]] = []
    for root in edges:
        if root in index:
            continue
        work = [(root, iter(edges[root]))]
        index[root] = low[root] = len(index)
        path.append(root)
        on_path.add(root)
        while work:
            vertex, rest = work[-1]
            other = next((one for one in rest if one in edges and (one not in index or one in on_path)), None)
            if other is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[vertex])
                if low[vertex] == index[vertex]:
                    start = _last(path, vertex)
                    knots.append(path[start:])
                    on_path.difference_update(path[start:])
                    del path[start:]
            elif other in index:
                low[vertex] = min(low[vertex], index[other])
            else:
                index[other] = low[other] = len(index)
                path.append(other)
                on_path.add(other)
                work.append((other, iter(edges[other])))
    return knots


def _last(path: Sequence[V], vertex: V) -> int:
    """Where `vertex` stands, searched from the end, since it is mostly near it."""
    position = len(path) - 1
    while path[position] != vertex:
        position -= 1
    return position


def _shortest_loop(edges: Mapping[V, Sequence[V]], first: V, knot: set[V]) -> list[V]:
    came_from: dict[V, V] = {}
    queue = deque([first])
    while queue:
        vertex = queue.popleft()
        for other in edges[vertex]:
            if other == first:
                loop = [vertex]
                while loop[-1] != first:
                    loop.append(came_from[loop[-1]])
                return loop[::-1]
            if other in knot and other not in came_from:
                came_from[other] = vertex
                queue.append(other)
    return [first]


def reachable(edges: Mapping[V, Iterable[V]], starts: Iterable[V]) -> set[V]:
    """Everything that one of `starts` refers to, at any distance; a start only when another leads to it."""
    seen: set[V] = set()
    stack = [vertex for start in starts for vertex in edges.get(start, ())]
    while stack:
        vertex = stack.pop()
        if vertex not in seen:
            seen.add(vertex)
            stack.extend(edges.get(vertex, ()))
    return seen
