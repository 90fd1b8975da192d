"""Field names of the pydantic model: each signal has one, whatever pydantic keeps for itself."""

import healthdsl

TAKEN = """ruleset taken
  language 1

signal copy     number
signal copy_    number
signal json     number

rows items
  copy     number
  copy_    number
"""


def test_names_that_meet_stay_apart() -> None:
    model = healthdsl.loads(TAKEN).record_model()
    record = {"copy": 1, "copy_": 2, "json": 3, "items": [{"copy": 4, "copy_": 5}]}
    dumped = model.model_validate(record).model_dump(by_alias=True)
    assert {name: dumped[name] for name in record} == record
