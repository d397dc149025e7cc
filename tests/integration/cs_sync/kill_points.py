"""Kills a run of the synchroniser at many points, and lets another one go on: python kill_points.py FOLDER PLACE ...

FOLDER holds `state` (of a finished run) and `CS.cfg` (with a change). Each point is a line of the synchroniser, counted
as they are executed; the process that comes to it ends by SIGKILL. Prints the number of lines, and for each point what
the run after it did.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from diracx_bridge.core.errors import BridgeError
from diracx_bridge.cs_sync.follow.once import run_once
from diracx_bridge.cs_sync.follow.source import FileSource
from diracx_bridge.cs_sync.follow.state import StateFolder
from diracx_bridge.cs_sync.follow.sync import Synchroniser
from diracx_bridge.cs_sync.git.place import Login, Place

PARTS = ("/cs_sync/follow/", "/cs_sync/git/")


def synchronise(folder: Path, place: Place) -> None:
    state = StateFolder(folder / "state")
    source = FileSource(folder / "CS.cfg")
    with state.held():
        run_once(source, Synchroniser(place, state, committer=source.committer))


def counted(folder: Path, place: Place, kill_at: int) -> int:
    """Run and count lines; never returns if there are as many as ``kill_at``."""
    lines = 0

    def local(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal lines
        if event == "line":
            lines += 1
            if lines == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)
        return local

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        return local if any(part in frame.f_code.co_filename for part in PARTS) else None

    sys.settrace(trace)
    try:
        synchronise(folder, place)
    finally:
        sys.settrace(None)
    return lines


def forked(work: Callable[[], str]) -> tuple[int, str]:
    """The exit status of a child that does ``work``, and what that gave."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.write(write, work().encode())
            code = 0
        except BridgeError as error:
            os.write(write, f"{type(error).__name__}: {error}".encode())
        finally:
            os._exit(code)
    os.close(write)
    with os.fdopen(read) as answers:
        answer = answers.read()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), answer


def main() -> None:
    folder, served, url, points = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
    login = Login(token=sys.argv[5], ca=Path(sys.argv[6])) if len(sys.argv) > 5 else Login()
    place = Place(url if "://" in url else Path(url), login=login)

    def fresh() -> None:
        for name in ("state", "served"):
            target = folder / "state" if name == "state" else served
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(folder / "before" / name, target)

    shutil.copytree(folder / "state", folder / "before" / "state")
    shutil.copytree(served, folder / "before" / "served")
    status, answer = forked(lambda: str(counted(folder, place, 0)))
    assert status == 0, answer
    lines = int(answer)
    print(lines, flush=True)
    step = max(1, lines // points)
    for point in range(1 + step // 2, lines, step):
        fresh()
        killed, _ = forked(lambda point=point: str(counted(folder, place, point)))
        after, said = forked(lambda: synchronise(folder, place) or "done")
        print(json.dumps({"point": point, "killed": killed, "after": after, "said": said}), flush=True)
        sys.stdin.readline()  # the test looks at the repository now


if __name__ == "__main__":
    main()
