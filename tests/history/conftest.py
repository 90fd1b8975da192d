from tests.cli.conftest import healthdsl

__all__ = ["healthdsl"]
