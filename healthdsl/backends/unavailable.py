"""The error of an engine, or a form of result, whose package is not installed."""

from __future__ import annotations


class BackendUnavailable(ImportError):  # noqa: N818 -- a name of the public interface
    """Something asked for needs a package that is not installed; `str()` says which, and how to get it."""

    def __init__(self, wanted: str, package: str, remedy: str | None = None) -> None:
        self.wanted = wanted
        self.package = package
        remedy = remedy or f"pip install {package}"
        super().__init__(f"{wanted} needs {package}, which is not installed: {remedy}")
