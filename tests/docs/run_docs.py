#!/usr/bin/env python3
"""Runs the documents: README.md, docs/*.md and plugins/*/README.md.

A page is worked through from top to bottom in one shell, in a folder of its own with a copy of configs/, and with an
installed forecastd on PATH. What a fenced block means follows from its first line:

    ```console            a command in each line that begins with "$ ", with the output that it must have. Output may be
                          shown in part: "..." stands for any lines, " ..." at a line's end for the rest of it. A
                          command must succeed, unless it ends in "# exits N". A command goes on after a "\\" at a
                          line's end and up to the end of a <<'EOF'.
    ```sh                 the same
    ```cpp spikes.cpp     a file to be written there, in any language
    ```json               a config, if it has "pipelines": `forecastd check --quick` must find it valid

The commands of docs/debugging.md are left out where forecastd itself is built with a sanitizer, since that finds the faults
there first, and in its own words.

Relative links must lead somewhere, and docs/config.md and docs/metrics.md must be what `forecastd schema --markdown` and
`--metrics` print.
"""

import dataclasses
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("FORECASTD_BUILD", ROOT / "build/dev"))
PAGES = [ROOT / "README.md", *sorted(ROOT.glob("docs/*.md")), *sorted(ROOT.glob("plugins/*/README.md"))]
UNSANITIZED = [ROOT / "docs/debugging.md"]
SECONDS_A_PAGE = 600

# Not run here: what changes the machine, and what other tests run.
SKIPPED = ("./dev ", "sudo ", "git clone ", "telegraf ")


@dataclasses.dataclass
class Block:
    line: int
    language: str
    file: str
    text: str


@dataclasses.dataclass
class Step:
    line: int
    command: str
    shown: list
    exit_code: int = 0


def blocks(page):
    """The fenced blocks of a page."""
    fence = re.compile(r"^```(\w*) ?(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
    text = page.read_text()
    return [Block(text[:match.start()].count("\n") + 1, *match.groups()) for match in fence.finditer(text)]


def steps(block):
    """The commands of a console block, or those that write a file and check a config."""
    result = []
    is_config = block.language == "json" and '"pipelines"' in block.text
    if block.file or is_config:
        file = block.file or f"line_{block.line}.json"
        result.append(Step(block.line, f"cat > {file} <<'END_OF_BLOCK'\n{block.text}END_OF_BLOCK", []))
        if is_config:
            result.append(Step(block.line, f"forecastd check --quick {file}", ["the config is valid"]))
    if block.language not in ("console", "sh"):
        return result
    lines = iter(enumerate(block.text.splitlines(), block.line + 1))
    for number, line in lines:
        if not line.startswith("$ "):
            if not result:
                raise AssertionError(f"line {number}: output without a command before it")
            result[-1].shown.append(line.rstrip())
            continue
        command = line[2:]
        while command.endswith("\\"):
            command += "\n" + next(lines)[1]
        if "<<'EOF'" in command:
            while not command.endswith("\nEOF"):
                command += "\n" + next(lines)[1]
        exits = re.search(r"# exits (\d+)$", command)
        result.append(Step(number, command, [], int(exits[1]) if exits else 0))
    return result


def line_matches(shown, line):
    return line.startswith(shown[:-4]) if shown.endswith(" ...") else line == shown


def first_missing(shown, output):
    """The first run of shown lines that is not in the output behind the runs before it; None: all are there."""
    at = 0
    for run in "\n".join(shown).split("\n...\n") if shown else []:
        run = [line for line in run.split("\n") if line != "..."]
        places = [place for place in range(at, len(output) - len(run) + 1)
                  if all(map(line_matches, run, output[place:]))]
        if not places:
            return "\n".join(run)
        at = places[0] + len(run)
    return None


class Docs(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(temporary.cleanup)
        cls.folder = pathlib.Path(temporary.name)
        cls.prefix = cls.folder / "prefix"
        subprocess.run(["cmake", "--install", BUILD, "--prefix", cls.prefix], check=True, stdout=subprocess.DEVNULL)
        cache = dict(re.findall(r"^(\w+):\w+=(.*)$", (BUILD / "CMakeCache.txt").read_text(), re.MULTILINE))
        cls.pages = [page for page in PAGES if page not in UNSANITIZED or not cache.get("FORECASTD_SANITIZE")]
        cls.environment = {**os.environ, "PATH": f"{cls.prefix}/bin:{os.environ['PATH']}", "LC_ALL": "C.UTF-8",
                           "HOME": str(cls.folder), "CMAKE_PREFIX_PATH": str(cls.prefix),
                           "CMAKE_GENERATOR": cache["CMAKE_GENERATOR"], "CC": cache["CMAKE_C_COMPILER"],
                           "CXX": cache["CMAKE_CXX_COMPILER"]}
        cls.environment.pop("FORECASTD_PLUGIN_PATH", None)

    def run_page(self, page):
        """Runs the steps of a page; returns those that ran, each with exit code and output, and those skipped."""
        every = [step for block in blocks(page) for step in steps(block)]
        skipped = [step for step in every if step.command.startswith(SKIPPED)]
        todo = [step for step in every if step not in skipped]
        name = str(page.relative_to(ROOT)).replace("/", "_")
        place, results = self.folder / name, self.folder / f"{name}.results"
        place.mkdir()
        results.mkdir()
        shutil.copytree(ROOT / "configs", place / "configs")
        script = "".join(f"{{ {step.command}\n}} > {results}/{i}.out 2>&1\necho $? > {results}/{i}.exit\n"
                         for i, step in enumerate(todo))
        subprocess.run(["bash", "-c", script], cwd=place, env=self.environment, stdin=subprocess.DEVNULL,
                       timeout=SECONDS_A_PAGE, check=False)
        return [(step, int((results / f"{i}.exit").read_text()),
                 (results / f"{i}.out").read_text(errors="replace").splitlines())
                for i, step in enumerate(todo)], skipped

    def test_commands(self):
        ran = left_out = 0
        for page in self.pages:
            done, skipped = self.run_page(page)
            ran += len(done)
            left_out += len(skipped)
            for step, exit_code, output in done:
                with self.subTest(page=page.name, line=step.line, command=step.command):
                    everything = "\n".join(output)
                    self.assertEqual(exit_code, step.exit_code, everything)
                    missing = first_missing(step.shown, [line.rstrip() for line in output])
                    self.assertIsNone(missing, f"the page shows\n{missing}\nthe command prints\n{everything}")
        print(f"{len(self.pages)} pages: {ran} steps ran, {left_out} were skipped ({', '.join(SKIPPED)})")

    def test_links(self):
        count = 0
        for page in PAGES:
            text = re.sub(r"^```.*?^```$", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
            for target, anchor in re.findall(r"\]\(([^)#]*)#?([^)]*)\)", text):
                if re.match(r"\w+:", target):
                    continue
                count += 1
                with self.subTest(page=page.name, link=target, anchor=anchor):
                    found = page.parent / target if target else page
                    self.assertTrue(found.exists())
                    if anchor:
                        headings = re.findall(r"^#+ (.*)$", found.read_text(), re.MULTILINE)
                        self.assertIn(anchor, [re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
                                               for heading in headings])
        print(f"{count} links were followed")

    def test_generated_pages(self):
        for page, option in (("config", "--markdown"), ("metrics", "--metrics")):
            fresh = subprocess.run([self.prefix / "bin/forecastd", "schema", option], capture_output=True, text=True,
                                   env=self.environment, check=True).stdout
            self.assertEqual((ROOT / f"docs/{page}.md").read_text(), fresh,
                             f"made again by: forecastd schema {option} > docs/{page}.md")


if __name__ == "__main__":
    unittest.main()
