"""Reloading: all of a change at once, a broken file keeps what was good, and nothing in flight is touched."""

from __future__ import annotations

import asyncio
import json
import os
import time
from pathlib import Path
from typing import Any

import pytest

from healthdsl.serve.library import Stamp, look
from healthdsl.serve.settings import Settings
from healthdsl.serve.watch import MOST_UNSETTLED, POLL_SECONDS, SETTLE_SECONDS
from tests.effort import LONG
from tests.serve.service import ACCOUNT, DATED, JSON, TINY, Desk, ask, scope_of

BODY = {"ruleset": "tiny", "record": ACCOUNT}
NEWER = TINY.replace("1.2.0", "1.3.0").replace("below 0   -> 0 ", "below 0   -> 10")
"""nps 10 and seats 50: 60% of 10 and 40% of 50 is 26."""
BROKEN = TINY.replace("signal seats  count", "signal seats  cuont")

RELOADS = 100 if LONG else 20


def broken_files(desk: Desk) -> str:
    text: str = desk.get("/metrics").text
    return "".join(line for line in text.splitlines(keepends=True) if "file_broken{" in line)


def test_a_new_text_is_served(desk: Desk) -> None:
    desk.write("tiny.health", NEWER)
    answer = desk.post("/score", BODY).json
    assert (answer["ruleset"]["version"], answer["score"]) == ("1.3.0", 26.0)
    assert desk.get("/rulesets").json["revision"] == 2


def test_a_broken_text_keeps_the_last_good_one(desk: Desk) -> None:
    desk.write("tiny.health", BROKEN)
    assert desk.post("/score", BODY).json["ruleset"]["version"] == "1.2.0"
    (line,) = [line for line in desk.get("/rulesets").json["rulesets"] if line["name"] == "tiny"]
    assert line["load_error"]["mistakes"][0] == {
        "code": "E208",
        "file": "tiny.health",
        "line": 5,
        "message": "there is no type `cuont`",
        "help": "did you mean `count`?",
    }
    assert "tiny.health:5" in desk.get("/rulesets/tiny").json["load_error"]["text"]
    assert broken_files(desk).endswith('{file="tiny.health"} 1.0\n')
    assert 'healthdsl_reloads_total{outcome="refused"} 1.0' in desk.get("/metrics").text
    desk.write("tiny.health", NEWER)
    assert desk.get("/rulesets/tiny").json["load_error"] is None
    assert desk.get("/rulesets/tiny").json["version"] == "1.3.0"


SHARED = "dictionary shared\n  language 1\n\nsignal seats count\n\nmeasure seats = {}\n"
USING = (
    'ruleset using\n  language 1\n  version 1.0.0\n\nuse "parts/shared.health"\n\nscore s average\n  seats\n'
)


def test_a_change_of_a_used_file_is_served(desk: Desk) -> None:
    watcher, shared = desk.service.watcher, desk.folder / "parts" / "shared.health"
    body = {"ruleset": "using", "record": {"seats": 1}}

    def rest() -> None:
        for _ in range(4):
            watcher.turn()

    (desk.folder / "using.health").write_text(USING, "utf-8")
    rest()
    (error,) = desk.get("/rulesets").json["broken"]
    assert [mistake["code"] for mistake in error["mistakes"]] == ["E603"]
    shared.parent.mkdir()
    shared.write_text(SHARED.format("20"), "utf-8")
    rest()
    assert desk.post("/score", body).json["score"] == 20.0
    shared.write_text(SHARED.format("30"), "utf-8")
    rest()
    assert desk.post("/score", body).json["score"] == 30.0
    shared.write_text(SHARED.format("30") + "measure more = nothing\n", "utf-8")
    rest()
    assert desk.post("/score", body).json["score"] == 30.0
    mistake = desk.get("/rulesets/using").json["load_error"]["mistakes"][0]
    assert (mistake["code"], mistake["file"], mistake["line"]) == ("E201", "parts/shared.health", 7)
    revision = desk.get("/rulesets").json["revision"]
    rest()
    assert desk.get("/rulesets").json["revision"] == revision


def test_a_dictionary_is_not_served(desk: Desk) -> None:
    desk.write("shared.health", "# what we share\n" + SHARED.format("20"))
    assert desk.get("/rulesets").json["broken"] == []
    assert "shared" not in [line["name"] for line in desk.get("/rulesets").json["rulesets"]]


def test_a_file_that_was_never_good_is_told(desk: Desk) -> None:
    desk.write("more.health", BROKEN)
    listed = desk.get("/rulesets").json
    assert [error["file"] for error in listed["broken"]] == ["more.health"]
    assert len(listed["rulesets"]) == 2


def test_a_file_that_is_gone_is_not_served(desk: Desk) -> None:
    (desk.folder / "dated.health").unlink()
    desk.read()
    assert [line["name"] for line in desk.get("/rulesets").json["rulesets"]] == ["tiny"]
    assert desk.post("/score", {"ruleset": "dated", "record": {}}).status == 404


def test_an_empty_folder_keeps_everything(desk: Desk) -> None:
    for file in desk.folder.glob("*.health"):
        file.unlink()
    desk.read()
    assert desk.post("/score", BODY).status == 200
    assert "holds no .health file" in desk.get("/rulesets").json["trouble"]
    assert "healthdsl_folder_unreadable 1.0" in desk.get("/metrics").text
    desk.write("tiny.health", TINY)
    assert desk.get("/rulesets").json["trouble"] is None
    assert len(desk.get("/rulesets").json["rulesets"]) == 1


def test_versions_stand_beside_each_other(desk: Desk) -> None:
    desk.write("tiny_new.health", NEWER.replace("1.3.0", "1.10.0"))
    assert desk.get("/rulesets/tiny").json["versions"] == ["1.10.0", "1.2.0"]
    assert desk.post("/score", BODY).json["score"] == 26.0
    assert desk.post("/score", BODY | {"version": "1.2.0"}).json["score"] == 20.0
    assert desk.get("/rulesets/tiny?version=1.2.0").json["version"] == "1.2.0"
    assert desk.get("/rulesets/tiny?version=7").status == 404


def test_the_same_version_twice_is_served_from_where_it_was(desk: Desk) -> None:
    changed = NEWER.replace("1.3.0", "1.2.0")
    desk.write("again.health", changed)
    assert desk.post("/score", BODY).json["score"] == 20.0
    (error,) = desk.get("/rulesets").json["broken"]
    assert error["file"] == "again.health"
    assert "tiny 1.2.0 is served from tiny.health" in error["text"]
    assert 'file_broken{file="again.health"} 1.0' in broken_files(desk)
    (desk.folder / "tiny.health").unlink()
    desk.read()
    assert desk.post("/score", BODY).json["score"] == 26.0
    assert desk.get("/rulesets").json["broken"] == []


def test_openapi_is_made_again(desk: Desk) -> None:
    before = desk.get("/openapi.json").json
    assert "extra" not in before["components"]["schemas"]["record_tiny"]["properties"]
    desk.write("tiny.health", TINY.replace("signal seats", "signal extra text\n\nsignal seats"))
    after = desk.get("/openapi.json").json
    assert "extra" in after["components"]["schemas"]["record_tiny"]["properties"]


def test_odd_names_and_odd_files(desk: Desk) -> None:
    desk.write(".hidden.health", TINY)
    desk.write("notes.txt", "nothing")
    (desk.folder / "folder.health").mkdir()
    os.mkfifo(desk.folder / "pipe.health")
    (desk.folder / "nowhere.health").symlink_to("missing")
    (desk.folder / os.fsdecode(b"b\xff\x1b.health")).write_text("no ruleset", "utf-8")
    desk.read()
    listed = desk.get("/rulesets").json
    assert len(listed["rulesets"]) == 2
    assert [error["file"] for error in listed["broken"]] == ["b\\udcff\\x1b.health"]
    assert desk.get("/metrics").status == 200


def test_a_request_ends_on_the_version_it_began_with(desk: Desk) -> None:
    """The folder changes while the body is still on its way."""
    body = json.dumps(BODY).encode()

    async def slowly() -> list[str]:
        halfway, go_on = asyncio.Event(), asyncio.Event()
        sent: list[bytes] = []
        parts = iter([body[:20], body[20:]])

        async def receive() -> dict[str, object]:
            part = next(parts)
            if sent == [] and not part.endswith(b"}"):
                return {"type": "http.request", "body": part, "more_body": True}
            halfway.set()
            await go_on.wait()
            return {"type": "http.request", "body": part, "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message.get("body", b""))

        task = asyncio.create_task(desk.service.app(scope_of("POST /score", JSON), receive, send))
        await halfway.wait()
        desk.write("tiny.health", NEWER)
        go_on.set()
        await task
        later = await ask(desk.service.app, "POST /score", [body], JSON)
        return [json.loads(each)["ruleset"]["version"] for each in (b"".join(sent), later.body)]

    assert asyncio.run(slowly()) == ["1.2.0", "1.3.0"]


def test_reloads_lose_nothing(desk: Desk) -> None:
    """Two files change together while four clients ask. Every answer is made by a version that was served
    while it was asked for, and no moment shows the one file new and the other old.
    """
    body = json.dumps({"record": ACCOUNT}).encode()
    served, written, answered = -1, 0, 0
    ended = asyncio.Event()

    def write(version: int) -> None:
        text = TINY.replace("1.2.0", f"1.2.{version}").replace("-> 50", f"-> {version}")
        (desk.folder / "tiny.health").write_text(text, "utf-8")
        (desk.folder / "other.health").write_text(text.replace("tiny", "other"), "utf-8")
        desk.read()

    async def client(name: str) -> None:
        nonlocal answered
        while not ended.is_set():
            oldest = served
            answer = await ask(desk.service.app, f"POST /rulesets/{name}/score", [body], JSON)
            assert answer.status == 200
            version = int(answer.json["ruleset"]["version"].rpartition(".")[2])
            assert oldest <= version <= written
            assert answer.json["score"] == pytest.approx(0.4 * version)  # nps 0, and 40% of seats
            shelf = desk.service.library.shelf
            assert shelf.find("tiny").version == shelf.find("other").version
            answered += 1
            await asyncio.sleep(0)

    async def load() -> None:
        nonlocal served, written
        await asyncio.to_thread(write, 0)
        clients = [asyncio.create_task(client(name)) for name in ("tiny", "other") * 2]
        for version in range(1, RELOADS + 1):
            written = version
            await asyncio.to_thread(write, version)
            served = version
        ended.set()
        await asyncio.gather(*clients)

    asyncio.run(load())
    assert answered > RELOADS
    assert desk.get("/rulesets").json["revision"] == RELOADS + 2


# The watcher: when to read -------------------------------------------------------


def test_a_change_is_read_once_it_has_come_to_rest(desk: Desk) -> None:
    watcher = desk.service.watcher
    watcher.turn()
    (desk.folder / "tiny.health").write_text(NEWER, "utf-8")
    assert watcher.turn() == SETTLE_SECONDS
    assert desk.service.library.shelf.find("tiny").version == "1.2.0"
    (desk.folder / "dated.health").write_text(DATED.replace("0.1.0", "0.2.0"), "utf-8")
    assert watcher.turn() == SETTLE_SECONDS
    assert watcher.turn() == POLL_SECONDS
    shelf = desk.service.library.shelf
    assert (shelf.revision, shelf.find("tiny").version, shelf.find("dated").version) == (2, "1.3.0", "0.2.0")


def test_a_folder_that_never_rests_is_read_all_the_same(desk: Desk) -> None:
    watcher = desk.service.watcher
    for number in range(MOST_UNSETTLED + 1):
        (desk.folder / "tiny.health").write_text(f"{NEWER}# {number}\n", "utf-8")
        watcher.turn()
    assert desk.service.library.shelf.find("tiny").version == "1.3.0"


def test_a_second_change_within_one_tick_of_the_clock_is_seen(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a file system whose clock stands still, times, size and inode of the second text are the first's."""
    tick = time.time_ns()

    def coarse(folder: Path) -> Stamp:
        place, files = look(folder)
        return place, tuple((name, tick, tick, size, inode) for name, _, _, size, inode in files)

    monkeypatch.setattr("healthdsl.serve.library.look", coarse)
    file = desk.folder / "tiny.health"
    watcher = desk.service.watcher
    for version in ("1.2.8", "1.2.9"):
        file.write_text(TINY.replace("1.2.0", version), "utf-8")
        for _ in range(3):
            watcher.turn()
        assert desk.service.library.shelf.find("tiny").version == version


def test_a_folder_that_is_away_comes_back(
    desk: Desk, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "healthdsl.serve")
    away = tmp_path.with_name(f"{tmp_path.name}-away")
    desk.folder.rename(away)
    watcher = desk.service.watcher
    assert watcher.turn() == POLL_SECONDS
    assert desk.post("/score", BODY).status == 200
    assert desk.get("/rulesets").json["trouble"] == "No such file or directory"
    (away / "tiny.health").write_text(NEWER, "utf-8")
    away.rename(desk.folder)
    for _ in range(3):
        watcher.turn()
    assert desk.get("/rulesets").json["trouble"] is None
    assert "the folder can be read again" in caplog.text
    assert desk.post("/score", BODY).json["ruleset"]["version"] == "1.3.0"


def test_a_link_to_a_folder_is_swung_in_one_step(tmp_path: Path) -> None:
    for name, text in (("one", TINY), ("two", NEWER)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "tiny.health").write_text(text, "utf-8")
    link = tmp_path / "current"
    link.symlink_to("one")
    desk = Desk.of(tmp_path / "one", Settings(link))
    fresh = tmp_path / "fresh"
    fresh.symlink_to("two")
    fresh.replace(link)
    for _ in range(3):
        desk.service.watcher.turn()
    assert desk.post("/score", BODY).json["ruleset"]["version"] == "1.3.0"
