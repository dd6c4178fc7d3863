"""What the shells complete, and the manual pages: both are made of the tables of the commands."""

import os
import pathlib
import re
import shutil
import subprocess

from forecastd_test import BUILD, FORECASTD, TestCase, forecastd, main

# Runs the function of bash on a command line, whose last word is completed, and prints what there is.
DRIVER = """
source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
_forecastd
printf '%s\\n' "${COMPREPLY[@]}"
"""


def commands():
    """Every command, from the help text."""
    text = forecastd("--help").stdout.decode()
    return re.findall(r"^  ([a-z-]+)", text.split("Commands:")[1], re.MULTILINE)


class Completion(TestCase):
    def setUp(self):
        super().setUp()
        self.script = self.folder / "forecastd.bash"
        self.script.write_bytes(forecastd("completion", "bash").stdout)

    def complete(self, *words):
        """What bash completes the last word to."""
        path = f"{os.path.dirname(FORECASTD)}:{os.environ['PATH']}"
        done = subprocess.run(["bash", "-c", DRIVER, "bash", self.script, "forecastd", *words], cwd=self.folder, text=True,
                              env={**os.environ, "PATH": path}, capture_output=True, check=True)
        self.assertEqual(done.stderr, "")
        return set(done.stdout.split("\n")) - {""}

    def test_commands(self):
        self.assertGreater(len(commands()), 15)
        self.assertEqual(self.complete(""), {*commands(), "help", "--help", "--version"})
        self.assertEqual(self.complete("re"), {"restamp", "replay"})
        self.assertEqual(self.complete("help", "ver"), {"verify"})
        self.assertEqual(self.complete("man", "ver"), {"verify"})

    def test_every_option_of_every_command(self):
        for command in commands():
            shown = re.findall(r"^  (?:-h \[ )?--([a-z0-9-]+)", forecastd("help", command).stdout.decode(), re.MULTILINE)
            self.assertEqual(self.complete(command, "--"), {f"--{name}" for name in shown}, command)

    def test_files_directories_and_values(self):
        (self.folder / "some config.json").write_text("{}")
        (self.folder / "states").mkdir()
        self.assertEqual(self.complete("check", "some"), {"some config.json"})
        self.assertEqual(self.complete("state", "s"), {"states"})
        self.assertEqual(self.complete("plugins", "--plugin-dir", "s"), {"states"})
        self.assertEqual(self.complete("simulate", "--labels", "some"), {"some config.json"})
        self.assertEqual(self.complete("simulate", "--points", "s"), set())

    def test_algorithms(self):
        self.assertEqual(self.complete("plugins", "ho"), {"holt", "holt-winters"})

    def test_the_other_shells_accept_their_scripts(self):
        for shell in ("zsh", "fish"):
            text = forecastd("completion", shell).stdout
            for command in commands():
                self.assertIn(command.encode(), text)
            with self.subTest(shell):
                if not shutil.which(shell):
                    self.skipTest(f"there is no {shell}")
                script = self.folder / shell
                script.write_bytes(text)
                done = subprocess.run([shell, "-n", script], capture_output=True, text=True, check=False)
                self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_fish_completes(self):
        if not shutil.which("fish"):
            self.skipTest("there is no fish")
        script = self.folder / "forecastd.fish"
        script.write_bytes(forecastd("completion", "fish").stdout)
        done = subprocess.run(["fish", "-c", f"source {script}; complete -C 'forecastd ver'; complete -C 'forecastd verify --se'"],
                              capture_output=True, text=True, check=True, env={**os.environ, "HOME": str(self.folder)})
        self.assertIn("verify\twhether a plugin keeps the contract\n", done.stdout)
        self.assertIn("--seed\tof the random numbers in the series\n", done.stdout)

    def test_no_such_shell(self):
        done = forecastd("completion", "cmd")
        self.assertEqual(done.returncode, 2)
        self.assertEqual(done.stderr, b"E! forecastd completion: SHELL: there is no 'cmd', expected bash, zsh or fish\n")


class Man(TestCase):
    def test_a_page(self):
        text = forecastd("man", "verify").stdout.decode()
        self.assertTrue(text.startswith('.TH FORECASTD-VERIFY 1 "" "forecastd '))
        self.assertIn("\n.TP\n.B \\-\\-seed \\fIN\\fR\nof the random numbers in the series; 1 unless it is given\n", text)

    def test_every_page_has_every_option(self):
        for command in commands():
            page = forecastd("man", command).stdout.decode().replace("\\-", "-")
            for name in re.findall(r"^  --([a-z0-9-]+)", forecastd("help", command).stdout.decode(), re.MULTILINE):
                self.assertIn(f"\n.B --{name}", page)
            self.assertIn(f"forecastd-{command} (1)", forecastd("man").stdout.decode().replace("\\-", "-"))

    def test_troff_accepts_them(self):
        if not shutil.which("groff"):
            self.skipTest("there is no groff")
        self.assertEqual(forecastd("man", "--into", self.folder).returncode, 0)
        pages = sorted(pathlib.Path(self.folder).glob("*.1"))
        self.assertEqual(len(pages), len(commands()) + 1)
        for page in pages:
            done = subprocess.run(["groff", "-man", "-Tutf8", "-ww", page], capture_output=True, text=True, check=True)
            self.assertEqual(done.stderr, "", page)
            text = re.sub(".\b", "", done.stdout)  # bold and underlined characters are struck twice
            self.assertIn("OPTIONS" if "-" in page.stem else "COMMANDS", text)

    def test_what_is_refused(self):
        done = forecastd("man", "verfy")
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"there is no command 'verfy', did you mean 'verify'?", done.stderr)
        done = forecastd("man", "--into", self.folder / "nowhere")
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"cannot be written", done.stderr)

    def test_they_are_installed(self):
        subprocess.run(["cmake", "--install", BUILD, "--prefix", self.folder, "--component", "runtime"], check=True,
                       stdout=subprocess.DEVNULL)
        for file in ("man/man1/forecastd-run.1", "bash-completion/completions/forecastd", "zsh/site-functions/_forecastd",
                     "fish/vendor_completions.d/forecastd.fish"):
            self.assertTrue((self.folder / "share" / file).exists(), file)


if __name__ == "__main__":
    main()
