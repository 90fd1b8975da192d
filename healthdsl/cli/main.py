"""The program `healthdsl`: its commands, and what becomes of anything that goes wrong.

Little is imported before the signals are heard; all else is imported where it is used.
"""

from __future__ import annotations

import _thread
import io
import os
import signal
import sys
import time

TYPE_CHECKING = False  # as in `typing`, which takes longer than all of the above

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import FrameType

    import typer

STOPPED = 130
SIGNALS = ("SIGTERM", "SIGHUP", "SIGINT")
MOMENT = 0.01
"""Seconds that a callback surely takes no longer than."""


def main() -> None:
    """Run the program on the arguments of the process, and end the process."""
    ended: list[int] = []
    heard: list[signal.Signals] = []
    try:
        _end_at_signals(ended, heard)
        code = _run_as_program()
        _end_at_once_at(heard)
    except BaseException:
        _end_at_once_at(heard)
        # A module that a signal finds while it is imported ends in an ImportError.
        if not ended:
            raise
        code = 0
    if ended[:1] == [signal.SIGINT]:
        _say_stopped()
    sys.exit(128 + ended[0] if ended else code)


def _run_as_program() -> int:
    if hasattr(signal, "SIGPIPE"):
        # `healthdsl score ... | head` ends as other tools do, without a word.
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # an old terminal cannot write every letter
    return run(sys.argv[1:])


def _end_at_signals(ended: list[int], heard: list[signal.Signals]) -> None:
    """End the process as a mistake would: half-written files are taken away. `ended` takes the signal that
    came, `heard` those that would be noticed.
    """

    def end(number: int, frame: FrameType | None) -> None:
        if _is_in_extension(frame):
            _thread.start_new_thread(_send_later, (number,))
            return
        ended.append(number)
        if number == signal.SIGINT:
            raise KeyboardInterrupt
        sys.exit(128 + number)

    for name in SIGNALS:
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number is not None and signal.getsignal(number) in {signal.SIG_DFL, signal.default_int_handler}:
            heard.append(number)
            signal.signal(number, end)
    before = sys.unraisablehook

    def once_more(dropped: sys.UnraisableHookArgs) -> None:
        # Python drops what is raised in a callback, such as those of its locks of modules.
        if ended and isinstance(dropped.exc_value, SystemExit | KeyboardInterrupt):
            _thread.start_new_thread(_send_later, (ended[0],))
        else:
            before(dropped)

    sys.unraisablehook = once_more


def _is_in_extension(frame: FrameType | None) -> bool:
    """Whether a module written in C is being imported: some end the process there at any exception."""
    while frame is not None:
        if type(frame.f_locals.get("self")).__name__ == "ExtensionFileLoader":
            return True
        frame = frame.f_back
    return False


def _send_later(number: int) -> None:
    """The signal again, when the callback or import that it found is over: within it, it would be lost."""
    time.sleep(MOMENT)
    _thread.interrupt_main(signal.Signals(number))


def _end_at_once_at(heard: Sequence[signal.Signals]) -> None:
    """End the process at the signals once all is done: nothing is left that an exception could end."""
    for number in heard:
        signal.signal(number, _end_at_once)


def _end_at_once(number: int, _: object) -> None:
    if number == signal.SIGINT:
        _say_stopped()
    os._exit(128 + number)


def _say_stopped() -> None:
    """Say so past `sys.stderr`, which may be in the middle of a line or closed."""
    try:
        os.write(2, b"stopped\n")
    except OSError:
        return  # nobody listens


def run(arguments: Sequence[str]) -> int:
    """The exit code of one run; what went wrong was said on standard error, never as a traceback."""
    from healthdsl.cli.common.messages import FINDINGS, MISUSE, FoundError, MisuseError, tell
    from healthdsl.records.errors import FileError

    try:
        return _run(list(arguments))
    except FoundError as found:
        tell(str(found))
        return FINDINGS
    except (FileError, MisuseError) as problem:
        tell(f"error: {problem}")
    except KeyboardInterrupt:
        return STOPPED  # `main` says so, wherever it was that the signal came
    except OSError as problem:
        tell(f"error: {problem.filename or 'output'}: {problem.strerror or problem}")
    except MemoryError:
        tell("error: not enough memory. Give fewer accounts at once, as CSV or JSON Lines.")
    return MISUSE


def _run(arguments: list[str]) -> int:
    from healthdsl.cli.common.messages import MISUSE

    if arguments[:1] == ["check"] and len(arguments) > 1 and not any(map(_is_option, arguments)):
        # Editors and commit hooks check at every turn. typer, and pydantic by which typer 0.29 converts
        # arguments, would take a third of the time; names of files need no converting.
        from healthdsl.cli.common.checking import check_files

        return check_files(arguments[1:])
    try:
        _app(arguments[0] if arguments else "")(args=arguments, prog_name="healthdsl")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else MISUSE
    return MISUSE


def _is_option(argument: str) -> bool:
    return argument.startswith("-") and argument != "-"


def _app(asked: str) -> typer.Typer:
    """The command that is asked for, or else every command: typer reads the options of one in some
    milliseconds, of all in 50.
    """
    import typer

    from healthdsl.cli.program import healthdsl

    app = typer.Typer(
        add_completion=False,
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(healthdsl)
    commands = _commands()
    for name in [asked] if asked in commands else commands:
        command, said = commands[name]
        app.command(name, short_help=said)(command)
    return app


def _commands() -> dict[str, tuple[Callable[..., None], str]]:
    """Every command with what the help says of it, in the order of the help."""
    from healthdsl.cli import (
        changes,
        check,
        conform,
        demo,
        diff,
        explain,
        fmt,
        freeze,
        new,
        plan,
        report,
        schema,
        score,
        serve,
        test,
    )
    from healthdsl.cli import compile as compile_

    return {
        "score": (score.score, "Score every account of a file."),
        "explain": (explain.explain, "Explain the score of one account."),
        "report": (report.report, "Sum up a whole book of accounts."),
        "changes": (changes.changes, "Say why scores moved between two runs."),
        "compile": (compile_.compile_, "Write a ruleset as SQL for your own database."),
        "conform": (conform.conform, "Write a script that checks your own database."),
        "freeze": (freeze.freeze, "Freeze how a signal is distributed, for percentiles."),
        "check": (check.check, "Show every mistake in rulesets."),
        "fmt": (fmt.fmt, "Lay rulesets out in their canonical form."),
        "test": (test.test, "Run the tests written in rulesets."),
        "diff": (diff.diff, "Say what changed between two rulesets."),
        "plan": (plan.plan, "Show what a change does to a book of accounts."),
        "schema": (schema.schema, "Print the JSON Schema of the records."),
        "serve": (serve.serve, "Serve a folder of rulesets over HTTP."),
        "new": (new.new, "Write a ruleset to begin with."),
        "demo": (demo.demo, "See it work on made-up accounts."),
    }
