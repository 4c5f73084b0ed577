"""How fast the simulated shop is: a table of figures against their goals, and how search grows with the catalogue.

    python benchmarks/webshop.py                                       the shipped catalogue
    python benchmarks/webshop.py --products P.json --attributes A.json the official files
    python benchmarks/webshop.py --sizes 50000 200000                  and made-up catalogues of these sizes

Each figure is the median of five fresh processes. The machine may be shared, so steps and loading are counted in
seconds of processor time; HTTP and searches by the clock.
"""

import argparse
import asyncio
import json
import os
import random
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

STEPS = 60_000
RUNS = 5
SESSIONS = 8
HTTP_SECONDS = 4.0
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def load(arguments):
    import webshop_env

    if arguments.products:
        return webshop_env.load_catalog(arguments.products, arguments.attributes, seed=7)
    return webshop_env.load_shipped_catalog(seed=7)


def run_steps(arguments):
    """In one fresh process: load, index, cold walk, warm walk, memory."""
    import webshop_env
    from webshop_env.bench import random_walk

    began = time.process_time()
    catalog = load(arguments)
    goals = catalog.goals("templated")
    loaded = time.process_time() - began
    catalog.search("tea")
    indexed = time.process_time() - began
    env = webshop_env.WebShopEnv(catalog, mode=arguments.mode)
    queries = [goal.instruction for goal in goals]
    figures = {"load": loaded, "load and index": indexed, "cold": random_walk(env, queries, steps=STEPS, seed=1)}
    random_walk(env, queries, steps=STEPS, seed=1)
    figures["warm"] = random_walk(env, queries, steps=STEPS, seed=1)
    figures["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return figures | {"products": len(catalog.products), "goals": len(goals)}


def run_searches(arguments):
    """In one fresh process: import a made-up catalogue, open it, search; times by the clock."""
    from webshop_env.warehouse import import_catalog, open_catalog

    folder = Path(arguments.folder)
    began = time.perf_counter()
    if not (folder / "shop").exists():
        import_catalog(folder / "products.json", folder / "attributes.json", folder / "shop")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        return {"import seconds": time.perf_counter() - began, "import peak MB": peak}
    catalog = open_catalog(folder / "shop")
    opened = time.perf_counter() - began
    rng = random.Random(5)
    vocabulary = made_up_words()
    times = []
    for _ in range(400):
        query = " ".join(draw_words(rng, vocabulary, rng.randint(2, 12)))
        began = time.perf_counter()
        catalog.search(query)
        times.append((time.perf_counter() - began) * 1000)
    times.sort()
    return {"open seconds": opened, "p50 ms": times[200], "p95 ms": times[380]}


def made_up_words():
    rng = random.Random(3)
    return ["".join(rng.choices(LETTERS, k=rng.randint(3, 9))) for _ in range(40_000)]


def draw_words(rng, vocabulary, count):
    """Words as unevenly common as in a language: most draws fall on few words."""
    return [vocabulary[int(len(vocabulary) * rng.random() ** 6)] for _ in range(count)]


def write_made_up_catalogue(folder, size):
    """A products file in the official form with `size` products of about 100 words; returns its size in MB."""
    rng = random.Random(9)
    vocabulary = made_up_words()
    with (folder / "products.json").open("w", encoding="utf-8") as file:
        for number in range(size):
            words = draw_words(rng, vocabulary, 100)
            record = {"asin": f"Z{number:09}", "name": " ".join(words[:12]), "pricing": "$5.00 - $9.00"}
            record |= {"full_description": " ".join(words[12:85]), "small_description": [" ".join(words[85:])]}
            record |= {
                "customization_options": {"Size": [{"value": word} for word in words[:3]]},
                "category": "made up",
            }
            file.write(("[" if number == 0 else ",") + json.dumps(record))
        file.write("]")
    (folder / "attributes.json").write_text("{}", encoding="utf-8")
    return (folder / "products.json").stat().st_size / 1e6


def serve(arguments):
    """Run the web server until it is killed."""
    import uvicorn

    from webshop_env.server import create_app

    app = create_app(load(arguments), mode=arguments.mode)
    uvicorn.run(app, port=arguments.port, log_level="error", access_log=False, lifespan="off")


async def ask(reader, writer, path, accept):
    """One request on a kept connection; returns the body."""
    writer.write(f"GET {path} HTTP/1.1\r\nHost: shop\r\nAccept: {accept}\r\n\r\n".encode())
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    length = int(head.split("content-length: ")[1].split("\r\n")[0])
    return await reader.readexactly(length)


async def visit(port, number, accept, until):
    """Walk at random until the time is over; returns how many observations came."""
    rng, count = random.Random(number), 0
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    links = {}
    while time.perf_counter() < until:
        if not links or count % 40 == 0:
            path = (
                f"/search_results/fixed_{number}/{rng.choice(['tea', 'shoes', 'black', 'set'])}+{rng.choice('abc')}/1"
            )
            await ask(reader, writer, f"/fixed_{number}", accept)
            count += 1
        else:
            path = rng.choice(list(links.values()))
        page = json.loads(await ask(reader, writer, path, "application/json"))
        links = page["clickables"]
        count += 1
    writer.close()
    return count


def http_figures(arguments):
    """Observations a second of one server process: eight visits at once, and one `WebShopClient`."""
    from webshop_env.client import WebShopClient

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        arguments.port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, __file__, *sys.argv[1:], "--part", "serve", "--port", str(arguments.port)]
    )
    try:
        with WebShopClient(f"http://127.0.0.1:{arguments.port}") as client:
            wait_for(client)
            began, count = time.perf_counter(), 0
            while time.perf_counter() < began + HTTP_SECONDS:
                client.step(("search[tea cup]", "click[next >]", "click[< prev]", "click[back to search]")[count % 4])
                count += 1
            alone = count / (time.perf_counter() - began)
        before = processor_seconds(server.pid)
        counts = asyncio.run(all_visits(arguments.port, time.perf_counter() + HTTP_SECONDS))
        spent = processor_seconds(server.pid) - before
        return {"http": sum(counts) / HTTP_SECONDS, "client": alone, "http cpu": sum(counts) / spent}
    finally:
        server.terminate()
        server.wait()


def processor_seconds(pid):
    """The processor time which a process has used (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def all_visits(port, until):
    return await asyncio.gather(*(visit(port, number, "application/json", until) for number in range(SESSIONS)))


def wait_for(client):
    from webshop_env.errors import ShopUnreachable

    for _ in range(200):
        try:
            client.reset(options={"goal": 0})
        except ShopUnreachable:
            time.sleep(0.1)
        else:
            return


def fresh(part, *extra):
    """The figures of one part, from a fresh process."""
    command = [sys.executable, __file__, *sys.argv[1:], "--part", part, *extra]
    answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, env=os.environ | {"OMP_NUM_THREADS": "1"})
    return json.loads(answer.stdout)


def print_rows(rows):
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |")


def report(arguments):
    runs = [fresh("steps") for _ in range(RUNS)]
    median = {name: statistics.median(run[name] for run in runs) for name in runs[0]}
    web = [http_figures(arguments) for _ in range(3)]
    http, processor, client = (statistics.median(run[name] for run in web) for name in ("http", "http cpu", "client"))
    print(f"{median['products']:.0f} products, {median['goals']:.0f} goals, {arguments.mode}, median of {RUNS} runs\n")
    print_rows([
        ("what", "here", "goal"), ("---", "---", "---"),
        ("text steps/s, random walk, cold cache", f"{median['cold']:,.0f}", ">= 40,000"),
        ("text steps/s, warm query cache", f"{median['warm']:,.0f}", ">= 150,000"),
        ("load products and goals, s", f"{median['load']:.2f}", "<= 0.5"),
        ("load, goals and search index, s", f"{median['load and index']:.2f}", ""),
        ("memory, MB", f"{median['memory']:.0f}", "<= 120"),
        ("HTTP observations/s, 8 sessions, 1 process", f"{http:,.0f}", ">= 1,500"),
        ("the same, per second of the server's CPU", f"{processor:,.0f}", ""),
        ("HTTP observations/s, one WebShopClient", f"{client:,.0f}", ""),
    ])  # fmt: skip
    rows = [("made-up products", "file MB", "import s", "peak MB", "open s", "search p50 ms", "p95 ms")]
    rows.append(tuple("---" for _ in rows[0]))
    for size in arguments.sizes:
        with tempfile.TemporaryDirectory() as folder:
            megabytes = write_made_up_catalogue(Path(folder), size)
            made = fresh("searches", "--folder", folder)
            found = fresh("searches", "--folder", folder)
        cells = [f"{size:,}", f"{megabytes:.0f}", f"{made['import seconds']:.1f}", f"{made['import peak MB']:.0f}"]
        rows.append((*cells, *(f"{found[name]:.2f}" for name in ("open seconds", "p50 ms", "p95 ms"))))
    print()
    print_rows(rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--products")
    parser.add_argument("--attributes")
    parser.add_argument("--mode", choices=["parity", "fixed"], default="parity")
    parser.add_argument("--sizes", type=int, nargs="*", default=[1000, 50_000, 200_000])
    parser.add_argument("--part", choices=["steps", "searches", "serve"], help=argparse.SUPPRESS)
    parser.add_argument("--folder", help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.part == "serve":
        serve(arguments)
    elif arguments.part:
        print(json.dumps({"steps": run_steps, "searches": run_searches}[arguments.part](arguments)))
    else:
        report(arguments)


if __name__ == "__main__":
    main()
