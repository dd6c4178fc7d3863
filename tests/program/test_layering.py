"""The layers are one-way: what each folder may include of ours."""

import re

from forecastd_test import ROOT, TestCase, main

# Folder -> the folders whose headers it may include, besides its own.
MAY_INCLUDE = {
    "sdk": set(),
    "statistics": set(),
    "plugins": {"sdk", "statistics"},
    "host/base": set(),
    "host/text": set(),
    "host/lineprotocol": {"host/text"},
    "host/plugin": {"sdk", "host/text"},
    "host/config": {"sdk", "host/text", "host/lineprotocol", "host/plugin"},
    "host/engine": {"sdk", "statistics", "host/lineprotocol", "host/plugin", "host/config"},
    "host/output": {"host/lineprotocol", "host/plugin", "host/config", "host/engine"},
    "host/process": {"host/text", "host/config"},
    "host/recording": {"host/lineprotocol", "host/process"},
    "host/simulation": {"host/config"},
    "host/rehearsal": {"host/lineprotocol", "host/plugin", "host/config", "host/engine", "host/simulation"},
    "host/scoring": {"host/lineprotocol", "host/config"},
    "host/report": set(),
    "host/backtest": {"host/lineprotocol", "host/config", "host/engine", "host/scoring"},
    "host/scaffold": {"host/text"},
    "host/verify": {"sdk", "host/plugin", "host/config"},
    "host/state": {"host/lineprotocol", "host/config", "host/engine", "host/process", "host/recording"},
    "host/commands": {"sdk", "host/text", "host/lineprotocol", "host/plugin", "host/config", "host/engine", "host/output",
                      "host/process", "host/recording", "host/backtest", "host/report", "host/rehearsal", "host/scoring",
                      "host/simulation", "host/state", "host/scaffold", "host/verify"},
}
# Libraries that one folder alone may include, and whether an include is of one.
NUMERICS = re.compile(r"Eigen/|unsupported/Eigen/|nlopt\.")
BASE = "host/base"  # every other module of the host may include it
STANDARD = re.compile(r"[a-z_]+|(math|stddef|stdint|stdio|stdlib|string|unistd|sys/mman)\.h")
INCLUDE = re.compile(r'^\s*#\s*include\s+["<]([^">]+)[">]', re.MULTILINE)


def layer_of(include, folder):
    """The folder of ours that an include leads to; None for other people's headers."""
    if include.startswith("forecastd/"):
        return "sdk"
    if include.startswith("statistics/") and (ROOT / include).exists():
        return "statistics"
    if (ROOT / "host" / include).exists():
        return "host/" + include.split("/")[0] if "/" in include else None
    if (ROOT / folder / include).exists() or "/" not in include:
        return None
    if (ROOT / "plugins" / include).exists():
        return "plugins"
    return None


def sources(folder):
    """Every source file of a folder."""
    return [file for file in sorted((ROOT / folder).rglob("*")) if file.suffix in (".h", ".hpp", ".c", ".cpp")]


class Layering(TestCase):
    def test_every_include_is_allowed(self):
        checked = 0
        for folder, allowed in MAY_INCLUDE.items():
            for file in sources(folder):
                for include in INCLUDE.findall(file.read_text()):
                    layer = layer_of(include, folder)
                    checked += 1
                    if layer and layer != folder and layer not in allowed and not (
                            layer == BASE and folder.startswith("host/")):
                        self.fail(f"{file.relative_to(ROOT)} includes {include}: {folder} may include {sorted(allowed)}")
        self.assertGreater(checked, 200)

    def test_numerics_stand_in_the_plugins_alone(self):
        for folder in MAY_INCLUDE:
            for file in sources(folder):
                for include in INCLUDE.findall(file.read_text()):
                    if folder != "plugins" and NUMERICS.match(include):
                        self.fail(f"{file.relative_to(ROOT)} includes {include}, which belongs to plugins")

    def test_sdk_plugins_and_statistics_need_little_of_others(self):
        for folder in ("sdk", "plugins", "statistics"):
            for file in sources(folder):
                for include in INCLUDE.findall(file.read_text()):
                    ours = layer_of(include, folder) in ("sdk", "statistics") or any(
                        (place / include).exists() for place in (file.parent, ROOT / "plugins"))
                    if not (ours or STANDARD.fullmatch(include) or folder == "plugins" and NUMERICS.match(include)):
                        self.fail(f"{file.relative_to(ROOT)} includes {include}, which is neither ours nor standard")

    def test_every_module_of_the_host_is_listed(self):
        modules = {"host/" + path.parent.name for path in (ROOT / "host").glob("*/CMakeLists.txt")}
        self.assertEqual(modules, {folder for folder in MAY_INCLUDE if folder.startswith("host/")})


if __name__ == "__main__":
    main()
