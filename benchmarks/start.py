"""How long `stocksense serve` takes until it answers, from fresh starts.

    STOCKSENSE_HOME=... python benchmarks/start.py [starts]

Works on the shop of the home folder (the sample after `stocksense run`). Wall is the time to the first answer of
`/health`; CPU is what the process worked until then, which a busy machine changes least; memory is its peak.
"""

from __future__ import annotations

import http.client
import os
import signal
import socket
import statistics
import subprocess
import sys
import time

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


def start() -> tuple[float, float, float]:
    """One start: wall seconds, CPU seconds, and MiB at the peak; the server is killed with its first answer."""
    port, began = free_port(), time.monotonic()
    command = [sys.executable, "-c", "from ui.cli.main import main; main()", "serve", "--port", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
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
    starts = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    start()
    took = [start() for _ in range(starts)]
    for name, at, unit in (("wall", 0, "s"), ("CPU", 1, "s"), ("memory", 2, "MiB")):
        of = sorted(one[at] for one in took)
        print(f"{name:<8} median {statistics.median(of):7.2f}   least {of[0]:7.2f}   most {of[-1]:7.2f} {unit}")
    print(
        f"goal: wall under {GOAL_SECONDS:g} s; {starts} starts, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    )


if __name__ == "__main__":
    main()
