"""`forecastd new-plugin`: its projects build, pass their tests and are verified, from an installation, with each compiler."""

import os
import shutil
import subprocess
import tempfile
import unittest

from forecastd_test import BUILD, FORECASTD, TestCase, forecastd, is_sanitized, main

CMAKE_FILES = {"CMakeLists.txt", "README.md", "ci.sh", ".gitignore", ".github/workflows/ci.yml", "tests/known_answer.sh",
               "tests/known_answer/config.json", "tests/known_answer/input.lp", "tests/known_answer/expected.txt"}


@unittest.skipIf(is_sanitized(), "what authors build has no sanitizer")
class NewPlugin(TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(temporary.cleanup)
        cls.prefix = f"{temporary.name}/prefix"
        subprocess.run(["cmake", "--install", BUILD, "--prefix", cls.prefix], check=True, stdout=subprocess.DEVNULL)

    def environment(self, **more):
        """As an author's: without our flags, with the installed program first on PATH."""
        ours = ("FORECASTD", "CMAKE", "CC", "CXX", "CFLAGS", "LDFLAGS", "ASAN", "UBSAN", "TSAN")
        return {**{name: value for name, value in os.environ.items() if not name.startswith(ours)},
                "PATH": f"{self.prefix}/bin:{os.environ['PATH']}", "CARGO_NET_OFFLINE": "true", **more}

    def make(self, name, *options):
        """Makes a project with the installed program; returns its folder."""
        done = subprocess.run(["forecastd", "new-plugin", name, *options], cwd=self.folder, env=self.environment(),
                              capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("./ci.sh", done.stdout)
        return self.folder / name

    def ci(self, folder, *options, **environment):
        return subprocess.run([folder / "ci.sh", *options], env=self.environment(**environment), text=True, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def check(self, name, *options, files, ci=(), **environment):
        """Makes a project and runs its script; returns its folder."""
        folder = self.make(name, *options)
        self.assertEqual({str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}, files)
        self.assertFalse([path for path in folder.rglob("*") if path.is_file() and "@" in path.read_text().replace(
            "nobody@example.com", "").replace("checkout@v4", "").replace("\"$@\"", "")], "a name was not filled in")
        done = self.ci(folder, *ci, **environment)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertNotIn("warning", done.stdout)
        return folder

    def with_cmake(self, name, extension, *options, **environment):
        prefix = f"-DCMAKE_PREFIX_PATH={self.prefix}"
        strict = [f"-DCMAKE_{language}_FLAGS=-Wall -Wextra -Wpedantic -Wconversion -Wshadow" for language in ("C", "CXX")]
        return self.check(f"acme.{name}", *options, ci=[prefix, *strict], **environment,
                          files={*CMAKE_FILES, f"src/{name}.{extension}", f"tests/unit.{extension}"})

    def test_cpp(self):
        for compiler in ("g++", "clang++"):
            if not shutil.which(compiler):
                self.skipTest(f"there is no {compiler}")
            tag = compiler.replace("+", "")
            with self.subTest(compiler=compiler):
                self.with_cmake(f"{tag}-line".replace("-", "_"), "cpp", CXX=compiler)
                self.with_cmake(f"{tag}_watch", "cpp", "--detector", CXX=compiler)

    def test_c_without_a_compiler_for_cpp(self):
        for kind in ([], ["--detector"]):
            with self.subTest(kind=kind):
                self.with_cmake(f"c{len(kind)}", "c", "--language", "c", *kind, CXX="/nowhere/c++")

    @unittest.skipUnless(shutil.which("cargo"), "there is no cargo")
    def test_rust(self):
        files = (CMAKE_FILES - {"CMakeLists.txt"}) | {"Cargo.toml", "src/lib.rs", "package.sh"}
        for kind in ([], ["--detector"]):
            with self.subTest(kind=kind):
                folder = self.check(f"acme.r{len(kind)}", "--language", "rust", *kind, files=files,
                                    CARGO_TARGET_DIR=f"{self.folder}/target")
        subprocess.run([folder / "package.sh"], check=True, capture_output=True,
                       env=self.environment(CARGO_TARGET_DIR=f"{self.folder}/target"))
        listed = subprocess.run(["tar", "-tzf", folder / "forecastd-r1-0.1.0.tar.gz"], capture_output=True, text=True,
                                check=True).stdout
        self.assertIn("lib/forecastd/plugins/r1.so\n", listed)

    def test_its_tests_can_fail(self):
        folder = self.with_cmake("wrong", "cpp")
        source = folder / "src/wrong.cpp"
        source.write_text(source.read_text().replace("alpha * (p.value - s.level)", "2 * alpha * (p.value - s.level)"))
        done = self.ci(folder)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("found 30, expected 22.5", done.stdout)
        self.assertIn("-yhat=15\n-yhat=22.5\n+yhat=20\n+yhat=30\n", done.stdout)

    def test_packages(self):
        folder = self.with_cmake("boxed", "cpp")
        subprocess.run(["cmake", "--build", folder / "build", "--target", "package"], check=True, env=self.environment(),
                       capture_output=True)
        archive = folder / "build/forecastd-boxed-0.1.0-Linux.tar.gz"
        listed = subprocess.run(["tar", "-tzf", archive], capture_output=True, text=True, check=True).stdout
        self.assertRegex(listed, r"lib[^\n]*/forecastd/plugins/boxed\.so\n")
        # Installed beside forecastd, it is found.
        subprocess.run(["cmake", "--install", folder / "build", "--prefix", self.prefix], check=True, capture_output=True)
        done = subprocess.run(["forecastd", "plugins", "acme.boxed"], env=self.environment(), capture_output=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_a_name_without_a_prefix(self):
        source = (self.make("plain") / "src/plain.cpp").read_text()
        self.assertIn('about{"my.plain"', source)
        self.assertIn("struct Plain {", source)

    def test_what_is_refused(self):
        (self.folder / "full").mkdir()
        (self.folder / "full/file").write_text("")
        for arguments, code, sentence in (
                (["Upper"], 2, "NAME: 'Upper' cannot be the name of a plugin, expected up to 60 lower case letters"),
                (["acme."], 2, "cannot be the name"), (["acme.1"], 2, "cannot be the name"), (["a/b"], 2, "cannot be the name"),
                (["acme.test"], 2, "'test' is a name that CMake or Cargo keeps for itself"),
                (["x", "--language", "go"], 2, "--language: there is no 'go', expected c++, c or rust"),
                ([], 2, "NAME is missing"),
                (["x", "--into", self.folder / "full"], 1, "is there already and is no empty folder"),
                (["x", "--into", self.folder / "full/file/x"], 1, "cannot be"),
                (["x", "--language", "rust", "--rust-crate", "/nowhere"], 1, "'/nowhere' is not the crate forecastd-plugin")):
            done = forecastd("new-plugin", *arguments)
            self.assertEqual(done.returncode, code, arguments)
            self.assertIn(sentence, done.stderr.decode())
        self.assertFalse((self.folder / "x").exists())


class PkgConfig(TestCase):
    @unittest.skipUnless(shutil.which("pkg-config"), "there is no pkg-config")
    def test_flags(self):
        prefix = self.folder / "prefix"
        subprocess.run(["cmake", "--install", BUILD, "--prefix", prefix], check=True, stdout=subprocess.DEVNULL)
        environment = {**os.environ, "PKG_CONFIG_PATH": f"{prefix}/share/pkgconfig"}

        def pkg_config(*options):
            return subprocess.run(["pkg-config", *options, "forecastd-sdk"], env=environment, capture_output=True, text=True,
                                  check=True).stdout.strip()
        interface = subprocess.run([FORECASTD, "--version"], capture_output=True, text=True, check=True).stdout
        self.assertTrue(interface.endswith(f"(plugin interface {pkg_config('--modversion').rsplit('.', 1)[0]})\n"), interface)
        plugin = self.folder / "plugin.so"
        subprocess.run(f"c++ -std=c++20 -O2 -shared -fPIC {pkg_config('--cflags')} -o {plugin} "
                       f"{prefix}/share/forecastd/examples/ewma.cpp && chmod go-w {plugin}", shell=True, check=True)
        self.assertEqual(forecastd("plugins", "example.ewma", "--plugin-dir", self.folder).returncode, 0)
        self.assertTrue(os.path.samefile(pkg_config("--variable=plugindir"), prefix / "lib/forecastd/plugins"))


if __name__ == "__main__":
    main()
