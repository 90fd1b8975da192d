"""The pipeline leaves the process as it found it."""

import gc

import pytest

from healthdsl.pipeline import collector_paused, compile_source


def test_the_collector_runs_again_afterwards() -> None:
    assert gc.isenabled()
    compile_source("ruleset r\n  language 1\nsignal a cuont\n", "bad.health")
    assert gc.isenabled()
    with collector_paused():
        assert not gc.isenabled()
    with pytest.raises(ZeroDivisionError), collector_paused():
        raise ZeroDivisionError
    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off() -> None:
    gc.disable()
    try:
        compile_source("ruleset r\n  language 1\n", "r.health")
        assert not gc.isenabled()
    finally:
        gc.enable()
