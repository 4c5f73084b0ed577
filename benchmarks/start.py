"""How long `stocksense serve` takes until it answers, from fresh starts.

    python benchmarks/start.py [--starts 5]              on a sample shop made for this, after one run
    python benchmarks/start.py --folder DIR              keeps that shop, and uses it again

Wall is the time to the first answer of `/health`; CPU is what the process worked until then, which a busy machine
changes least; memory is its peak.
"""

from __future__ import annotations

import argparse
import http.client
import os
import signal
import socket
import statistics
import subprocess
import sys
import time
from pathlib import Path

from sample_home import STOCKSENSE, around, sample_home

GOAL_SECONDS = 5.0
LONGEST_SECONDS = 120.0


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def answers(port: int) -> bool:
    """Whether the sign of life is there."""
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        asked.request("GET", "/health")
        return asked.getresponse().status == 200
    except OSError:
        return False
    finally:
        asked.close()


def start(home: Path) -> tuple[float, float, float]:
    """One start: wall seconds, CPU seconds, and MiB at the peak; the server is killed with its first answer."""
    port, began = free_port(), time.monotonic()
    command = [*STOCKSENSE, "serve", "--port", str(port)]
    server = subprocess.Popen(command, env=around(home), stdout=subprocess.DEVNULL)
    while not answers(port):
        if server.poll() is not None or time.monotonic() - began > LONGEST_SECONDS:
            sys.exit("the server did not start; run `stocksense serve` to see why")
        time.sleep(0.02)
    wall = time.monotonic() - began
    os.kill(server.pid, signal.SIGKILL)
    _, _, used = os.wait4(server.pid, 0)
    server.returncode = -signal.SIGKILL
    return wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def main() -> None:
    """Start several times, after a first start that only fills the disk's cache."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--starts", type=int, default=5, help="how many are counted")
    parser.add_argument("--folder", type=Path, help="where the sample shop is kept")
    given = parser.parse_args()
    with sample_home(given.folder) as home:
        start(home)
        took = [start(home) for _ in range(given.starts)]
    for name, at, unit in (("wall", 0, "s"), ("CPU", 1, "s"), ("memory", 2, "MiB")):
        of = sorted(one[at] for one in took)
        print(f"{name:<8} median {statistics.median(of):7.2f}   least {of[0]:7.2f}   most {of[-1]:7.2f} {unit}")
    load = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    print(f"goal: wall under {GOAL_SECONDS:g} s; {given.starts} starts, {load}")


if __name__ == "__main__":
    main()
