"""`healthdsl serve`: the rulesets of a folder over HTTP."""

from __future__ import annotations

import os
import re
import signal
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from healthdsl.cli.common.messages import FoundError, MisuseError
from healthdsl.cli.common.options import RootOption
from healthdsl.records.input_file import read_input
from healthdsl.serve.settings import TODAY, Limits, Settings
from healthdsl.sharing.roots import root_of

if TYPE_CHECKING:
    from healthdsl.serve.app import Service

DEFAULT = Limits()
TOKEN_VARIABLE = "HEALTHDSL_TOKEN"  # noqa: S105 -- where the token is, not the token
LEAST_TOKEN = 16
MOST_TOKEN = 4_096
NEEDED = ("fastapi", "httptools", "prometheus_client", "uvicorn")


def serve(  # noqa: PLR0913, PLR0917 -- a parameter an option
    folder: Annotated[
        str, typer.Argument(metavar="RULESETS_DIR", help="A folder; every .health file in it is served.")
    ],
    host: Annotated[str, typer.Option("--host", help="The address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65_535, help="0 takes any free one.")] = 8000,
    token_file: Annotated[
        str | None,
        typer.Option(
            "--token-file", metavar="FILE", help=f"A file with the bearer token, instead of {TOKEN_VARIABLE}."
        ),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of", metavar="DATE", help="The day for requests that name none: a date, or today."
        ),
    ] = None,
    max_body: Annotated[
        int, typer.Option("--max-body", min=1, metavar="BYTES", help="The largest body.")
    ] = DEFAULT.body_bytes,
    max_records: Annotated[
        int, typer.Option("--max-records", min=1, metavar="N", help="Most records to score in one request.")
    ] = DEFAULT.records,
    max_explanations: Annotated[
        int, typer.Option("--max-explanations", min=1, metavar="N", help="Most to explain in one request.")
    ] = DEFAULT.explanations,
    max_rows: Annotated[
        int, typer.Option("--max-rows", min=0, metavar="N", help="Most rows of tables in one request.")
    ] = DEFAULT.rows,
    drain: Annotated[
        float,
        typer.Option(
            "--drain", min=0, max=3_600, metavar="SECONDS", help="After SIGTERM, how long it serves on."
        ),
    ] = 5.0,
    root: RootOption = None,
) -> None:
    """Serve the rulesets of a folder over HTTP, and load them again when a file changes.

    \b
    Examples:
      healthdsl serve rulesets/
      healthdsl serve rulesets/ --as-of today --port 8080
      curl -H 'Content-Type: application/json' http://127.0.0.1:8000/score \\
        -d '{"ruleset": "saas_health", "as_of": "2026-03-31", "record": {"seats": 20}}'

    \b
    POST /score, /explain                  one record or several
    POST /rulesets/NAME/score, /explain    the same, the ruleset named by the path
    GET  /rulesets, /rulesets/NAME         what is served, and which files are broken
    GET  /openapi.json, /metrics, /health/live, /health/ready

    A token of at least 16 characters in the variable HEALTHDSL_TOKEN, or in a file, is then asked of every
    request but health checks. Logs are JSON lines on standard error. Ctrl-C ends the service cleanly; after
    SIGTERM it is not ready any more, serves on for --drain seconds, and then ends.
    """
    _check_installed()
    limits = Limits(body_bytes=max_body, records=max_records, explanations=max_explanations, rows=max_rows)
    place, token, day = _root(folder, root), _token(token_file), _day(as_of)
    _run(Settings(Path(folder), token, day, limits, place, drain), host, port)


def _root(folder: str, root: str | None) -> Path | None:
    """Where the files may lie that rulesets use; MisuseError when the folder is not in there."""
    if root is not None:
        try:
            root_of(Path(folder) / "ruleset.health", root)
        except ValueError:
            raise MisuseError(f"{folder} does not lie in the folder {root}, which --root names.") from None
    return None if root is None else Path(root)


def _check_installed() -> None:
    """MisuseError that says what to install."""
    missing = [name.replace("_", "-") for name in NEEDED if find_spec(name) is None]
    if missing:
        wanted = 'Install them with: pip install "healthdsl[serve]"'
        raise MisuseError(f"healthdsl serve needs packages that are not here: {', '.join(missing)}. {wanted}")


def _run(settings: Settings, host: str, port: int) -> None:
    from healthdsl.serve.app import Service
    from healthdsl.serve.logs import log_to
    from healthdsl.serve.server import listen, serve

    if hasattr(signal, "SIGPIPE"):
        # Other commands end when nobody reads them any more; a client that hangs up must not end a service.
        signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    log_to()
    service = Service(settings)
    _load(service)
    try:
        listening = listen(host, port)
    except OSError as problem:
        raise MisuseError(f"{host}, port {port}: cannot listen there ({problem.strerror}).") from None
    serve(service, listening)


def _token(file: str | None) -> str | None:
    """The token of the file or the variable; never shown. MisuseError when it would protect nothing."""
    variable = os.environ.get(TOKEN_VARIABLE)
    if file is None and variable is None:
        return None
    if file is not None and variable is not None:
        raise MisuseError(f"There is a token in {file} and in {TOKEN_VARIABLE}. Give one of them.")
    place = file or TOKEN_VARIABLE
    data = read_input(file, MOST_TOKEN) if file is not None else os.fsencode(variable or "")
    token = data.decode("latin-1").strip()
    if not re.fullmatch(rf"[!-~]{{{LEAST_TOKEN},}}", token):
        wanted = f"a token of {LEAST_TOKEN} characters or more: ASCII letters, digits and signs, no spaces"
        raise MisuseError(f"{place}: expected {wanted}.")
    return token


def _day(text: str | None) -> date | Literal["today"] | None:
    """The day for requests that name none; `today` is asked of the clock at each request."""
    if text is None:
        return None
    if text.strip().lower() == TODAY:
        return TODAY
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise MisuseError(f"--as-of {text}: this is no date. Write it like 2026-03-31, or today.") from None


def _load(service: Service) -> None:
    """Read the folder; an error when there is nothing to serve in it."""
    folder = service.settings.folder
    try:
        service.watcher.start()
    except OSError as problem:
        raise MisuseError(f"{folder}: cannot be read as a folder ({problem.strerror}).") from None
    shelf = service.library.shelf
    if not shelf.files:
        raise MisuseError(f"{folder}: no .health file in this folder. To make one: healthdsl new our_health")
    if not shelf.rulesets:
        errors = [file.error.text.rstrip("\n") for file in shelf.files.values() if file.error]
        raise FoundError("\n".join(errors))
