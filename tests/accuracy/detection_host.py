"""forecastd as the parts of detection.py run it, the table that they fill, and the events that came out."""

import collections
import gzip
import json
import re
import shutil
import subprocess
import sys


class Host:
    """A build of forecastd, with a folder for what it reads and writes; params are those of every detector 'novelty'."""

    def __init__(self, build, folder, params):
        self.forecastd, self.folder, self.params = str(build / "bin/forecastd"), folder, params

    def detector(self, plugin="novelty", **more):
        detect = {"plugin": plugin, "emit": "all", **more}
        if plugin == "novelty" and self.params:
            detect["params"] = self.params
        return detect

    def run(self, pipelines, lines, out):
        """pipelines: one, or a list; lines: a path, gz or not, text, or an iterable of texts; out: the file to write."""
        config = self.folder / "config.json"
        pipelines = [{"interval": "auto", **one, "output": {"passthrough": False}}
                     for one in (pipelines if isinstance(pipelines, list) else [pipelines])]
        config.write_text(json.dumps({"pipelines": pipelines, "limits": {"max_memory": "4GB"}}))
        with open(out, "wb") as stdout, open(self.folder / "messages", "wb+") as messages:
            process = subprocess.Popen([self.forecastd, "run", str(config)], stdin=subprocess.PIPE, stdout=stdout,
                                       stderr=messages)
            try:
                if hasattr(lines, "suffix"):
                    with (gzip.open(lines) if lines.suffix == ".gz" else open(lines, "rb")) as source:
                        shutil.copyfileobj(source, process.stdin)
                else:
                    for text in [lines] if isinstance(lines, str) else lines:
                        process.stdin.write(text.encode())
                process.stdin.close()
            except BrokenPipeError:
                pass
            if process.wait():
                messages.seek(0)
                raise SystemExit(f"detection.py: {self.forecastd} ended with {process.returncode}: "
                                 f"{messages.read().decode().strip()}")


class Table:
    def __init__(self):
        self.rows = []

    def add(self, part, what, value, aim, at_most=False):
        reached = value <= aim if at_most else value >= aim
        self.rows.append((part, what, value, f"{'<=' if at_most else '>='} {aim:g}", "reached" if reached else "missed"))

    def __str__(self):
        lines = ["| | | found | aim | |", "|---|---|---:|---:|---|"]
        return "\n".join(lines + [f"| {a} | {b} | {c:.3g} | {d} | {e} |" for a, b, c, d, e in self.rows])


def tool(shared, name, *arguments, stdout=subprocess.PIPE):
    """What a tool of the shared folder writes to its standard output."""
    done = subprocess.run([sys.executable, str(shared / "tools" / name), *map(str, arguments)], stdout=stdout,
                          stderr=subprocess.PIPE, check=False)
    if done.returncode:
        raise SystemExit(f"detection.py: {name} failed with {sys.executable}: {done.stderr.decode().strip().splitlines()[-1]}")
    return (done.stdout or b"").decode()


def opened(out, pattern):
    """How many events opened, by the first group of a pattern of their line."""
    counts, find = collections.Counter(), re.compile(pattern)
    with open(out, encoding="utf-8") as file:
        counts.update(find.search(line)[1] for line in file if 'state="open"' in line)
    return counts
