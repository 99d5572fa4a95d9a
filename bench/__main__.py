"""`make bench`: measures and prints, each process on one core. `make` sets the variables that keep libraries there."""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

from bench.chat import WINDOW, long_chat
from bench.door import Door
from bench.timing import Timing, cores, machine, pin, timed
from demo.helper import Helper
from nightlight.conversation import Message
from nightlight.model import Bundle
from nightlight.warning import Assessor, ContactState

LENGTHS = (10, 1_000, 10_000)
WARM = 200  # messages measured at the end of a chat, at most
COLD = 20  # windows measured
STARTS = 5
RESULT = Path(__file__).resolve().parent.parent / "build" / "bench.json"


def warm_assessor(bundle: Bundle, chat: list[Message]) -> Timing:
    """Time each of the last messages of a chat whose earlier ones have all been judged before."""
    assessor = Assessor(bundle)
    contact = ContactState()
    measured = min(WARM, max(1, len(chat) // 2))
    for end in range(1, len(chat) - measured + 1):
        contact = assessor.assess(chat[max(0, end - WINDOW) : end], contact).contact

    def message(end: int) -> None:
        nonlocal contact
        contact = assessor.assess(chat[max(0, end - WINDOW) : end], contact).contact

    return timed(message, range(len(chat) - measured + 1, len(chat) + 1))


def windows(chat: list[Message]) -> list[list[Message]]:
    """Cut a chat into windows that share no message."""
    return [chat[start : start + WINDOW] for start in range(0, len(chat), WINDOW)][:COLD]


def cold_assessor(bundle: Bundle, chat: list[Message]) -> Timing:
    """Time whole windows of which no message was seen before."""
    assessor = Assessor(bundle)
    return timed(assessor.assess, windows(chat))


def over_http(door: Door, helper: psutil.Process, chat: list[Message], name: str) -> tuple[Timing, Timing, float]:
    """Time requests of a chat: the cold windows on its way, then its last messages one by one.

    The third figure is the processor time in milliseconds that the helper itself took for one of the latter.
    """
    measured = min(WARM, max(1, len(chat) // 2))
    cold: list[float] = []
    head = len(chat) - measured
    for start in range(0, head, WINDOW):
        cold.append(door.assess(name, chat[start : min(start + WINDOW, head)], start))
    before = helper.cpu_times()
    warm = [door.assess(name, chat[max(0, end - WINDOW) : end], max(0, end - WINDOW)) for end in range(head + 1, len(chat) + 1)]
    after = helper.cpu_times()
    processor = (after.user + after.system - before.user - before.system) / len(warm) * 1000
    return Timing(tuple(cold[:COLD])), Timing(tuple(warm)), processor


def restart(helper: Helper) -> float:
    """Stop the helper and start it again; return the seconds until it answered."""
    helper.stop()
    return helper.start()


def main() -> int:
    """Measure all, print tables, and keep the numbers in build/bench.json."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="What a message costs.")
    parser.add_argument("--quick", action="store_true", help="leave the chat of 10,000 messages out")
    quick = parser.parse_args().quick
    console = Console(highlight=False)
    console.width = max(console.width, 110)  # the tables need it, in a log file too
    lengths = LENGTHS[:2] if quick else LENGTHS
    bundle = Bundle.load(None)
    mine, *others = cores()
    console.print(f"[bold]{machine()}[/]")
    console.print(f"bundle {bundle.manifest.name} {bundle.manifest.version}; one core for each process, one thread")
    pin(mine)
    chats = {length: long_chat(length, seed=length) for length in lengths}
    numbers: dict[str, object] = {"machine": machine(), "bundle": f"{bundle.manifest.name} {bundle.manifest.version}"}

    table = Table("at the Assessor", "chat", "p50 ms", "p95 ms", title="A message, judged", title_justify="left")
    warm = {length: warm_assessor(bundle, chat) for length, chat in chats.items()}
    for length, timing in warm.items():
        table.add_row("warm message", f"{length:,}", f"{timing.p50:.2f}", f"{timing.p95:.2f}")
    unseen = long_chat(COLD * WINDOW, seed=7)
    cold = cold_assessor(bundle, unseen)
    table.add_row(f"cold window of {WINDOW}", "", f"{cold.p50:.1f}", f"{cold.p95:.1f}")
    console.print(table)

    table = Table(
        "over HTTP",
        "chat",
        "p50 ms",
        "p95 ms",
        "helper's CPU ms",
        "memory MiB",
        title="A message, asked for",
        title_justify="left",
    )
    with tempfile.TemporaryDirectory() as folder, Helper(Path(folder)) as helper:
        starts = [restart(helper) for _ in range(STARTS)]
        pin(others[0] if others else mine, helper.process_id)
        process = psutil.Process(helper.process_id)
        fresh = process.memory_info().rss / 2**20
        door = Door(helper)
        http: dict[int, Timing] = {}
        memory: dict[int, float] = {}
        for length, chat in chats.items():
            cold_http, http[length], processor = over_http(door, process, chat, f"bench-{length}")
            memory[length] = process.memory_info().rss / 2**20
            timing = http[length]
            figures = (f"{timing.p50:.2f}", f"{timing.p95:.2f}", f"{processor:.2f}", f"{memory[length]:.0f}")
            table.add_row("warm message", f"{length:,}", *figures)
            if length == lengths[1]:
                table.add_row(f"cold window of {WINDOW}", "", f"{cold_http.p50:.1f}", f"{cold_http.p95:.1f}", "", "")
    console.print(table)
    console.print(
        f"start to first answer: {statistics.median(starts):.2f} s, slowest {max(starts):.2f} s of {len(starts)}; "
        f"memory when started: {fresh:.0f} MiB"
    )

    import torch  # noqa: PLC0415  large; the product's own numbers come first

    from bench.rival import MiniLm, PlainStudent, Rival  # noqa: PLC0415

    torch.set_num_threads(1)
    table = Table(
        f"every message anew over {WINDOW}", "p50 ms", "p95 ms", "times a warm message", "times a cold window",
        title="Beside others, over the same windows", title_justify="left",
    )  # fmt: skip
    base = warm[lengths[-1]].p50
    rivals: dict[str, Rival] = {
        "the same student in PyTorch, 32 bits": PlainStudent(bundle),
        "all-MiniLM-L6-v2 in PyTorch, 32 bits": MiniLm(),
    }
    table.add_row("Nightlight, cold window", f"{cold.p50:.1f}", f"{cold.p95:.1f}", f"{cold.p50 / base:.1f}", "1.0")
    for name, rival in rivals.items():
        rival.run(unseen[:WINDOW])  # the first run pays for allocations
        timing = timed(rival.run, windows(unseen))
        numbers[name] = {"p50": timing.p50, "p95": timing.p95, "parameters": rival.parameters}
        table.add_row(
            f"{name} ({rival.parameters / 1e6:.1f} M parameters)",
            f"{timing.p50:.1f}", f"{timing.p95:.1f}", f"{timing.p50 / base:.1f}", f"{timing.p50 / cold.p50:.1f}",
        )  # fmt: skip
    console.print(table)
    console.print("The PyTorch student has the bundle's architecture with random weights; PyTorch runs the window as one batch.")

    numbers |= {
        "warm": {length: {"p50": t.p50, "p95": t.p95} for length, t in warm.items()},
        "warm_http": {length: {"p50": t.p50, "p95": t.p95} for length, t in http.items()},
        "cold": {"p50": cold.p50, "p95": cold.p95},
        "start_seconds": starts,
        "memory_mib": {"fresh": fresh, **{str(length): value for length, value in memory.items()}},
    }
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(numbers, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
