"""Many writers at once, and writers killed at any moment, neither fork nor lose what was recorded."""

import random
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path
from typing import TypeAlias

from tallyproof.store.ledger import Ledger, open_ledger

WRITER = Path(__file__).with_name("writer.py")
Writer: TypeAlias = "subprocess.Popen[str]"


def writer(address: str, case: str, count: int) -> Writer:
    """A process that waits for its start."""
    command = [sys.executable, str(WRITER), address, case, str(count)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def begin(process: Writer) -> None:
    """Let a waiting process go."""
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.close()


def recorded(process: Writer) -> list[int]:
    """The numbers that a process was told are recorded, to its end."""
    assert process.stdout is not None
    with process.stdout as lines:
        numbers = [int(line) for line in lines if line.endswith("\n")]
    process.wait()
    return numbers


def test_processes_that_open_a_new_database_at_once_all_succeed(address: str) -> None:
    """One makes the tables, the others wait for it, and each writes its event."""
    processes = [writer(address, "wi", 1) for _ in range(4)]
    for process in processes:
        begin(process)
    assert sorted(chain.from_iterable(map(recorded, processes))) == [1, 2, 3, 4]
    assert [process.returncode for process in processes] == [0, 0, 0, 0]


def test_processes_writing_to_one_case_lose_and_fork_nothing(address: str, ledger: Ledger) -> None:
    """Every number is given once, and every event is there."""
    processes = [writer(address, "wi", 40) for _ in range(3)]
    for process in processes:
        begin(process)
    numbers = sorted(chain.from_iterable(map(recorded, processes)))
    assert numbers == list(range(1, 121))
    verification = ledger.verify("wi")
    assert verification.holds and verification.events == 120


def test_threads_writing_to_one_ledger_lose_and_fork_nothing(ledger: Ledger) -> None:
    """The same ledger object serves them all; two cases grow side by side."""

    def write(number: int) -> int:
        return ledger.append(f"case {number % 2}", "clerk", "noted", {"number": number}).sequence

    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(write, range(100)))
    assert sorted(numbers) == sorted([*range(1, 51), *range(1, 51)])
    verification = ledger.verify()
    assert verification.holds and verification.events == 100


def test_a_killed_writer_loses_at_most_the_event_being_written(address: str) -> None:
    """Killed ten times at chance moments: all it was told are recorded are there, and at most one more."""
    chance = random.Random(20161123)
    ledger = open_ledger(address)
    last = 0
    for _ in range(10):
        process = writer(address, "wi", 0)
        begin(process)
        assert process.stdout is not None
        seen = [int(process.stdout.readline()) for _ in range(chance.randrange(1, 30))]
        sleep_a_little(chance)
        process.kill()
        seen += recorded(process)
        assert seen == list(range(last + 1, seen[-1] + 1))
        verification = ledger.verify("wi")
        last = verification.heads["wi"].sequence
        assert verification.holds and last - seen[-1] in (0, 1)
        assert all(ledger.opening("wi", number, "note") for number in range(1, last + 1))
    ledger.close()


def test_a_killed_writer_does_not_hold_up_the_others(address: str, ledger: Ledger) -> None:
    """Its lock ends with it; the others go on to the end."""
    doomed, steady = writer(address, "wi", 0), writer(address, "wi", 60)
    begin(doomed)
    begin(steady)
    assert doomed.stdout is not None
    for _ in range(10):
        doomed.stdout.readline()
    doomed.kill()
    recorded(doomed)
    assert len(recorded(steady)) == 60 and steady.returncode == 0
    assert ledger.verify("wi").holds


def test_a_process_killed_while_it_makes_the_database_leaves_it_usable(address: str) -> None:
    """The tables appear all together or not at all."""
    chance = random.Random(20161108)
    for _ in range(3):
        process = writer(address, "wi", 0)
        begin(process)
        sleep_a_little(chance, longest=0.4)
        process.kill()
        recorded(process)
    ledger = open_ledger(address)
    assert ledger.append("wi", "clerk", "noted", {}).sequence >= 1
    assert ledger.verify().holds
    ledger.close()


def sleep_a_little(chance: random.Random, longest: float = 0.01) -> None:
    """Wait for a moment nobody chose."""
    time.sleep(chance.random() * longest)
