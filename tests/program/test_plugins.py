"""`forecastd plugins`: the list, and one algorithm with its parameters."""

import forecastd_test
from forecastd_test import BUILD, forecastd

EXAMPLES = BUILD / "examples"


class Plugins(forecastd_test.TestCase):
    def test_list(self):
        result = forecastd("plugins", "--plugin-dir", EXAMPLES)
        self.assertEqual((result.returncode, result.stderr), (0, b""))
        lines = result.stdout.decode().splitlines()
        self.assertEqual(lines[0].split(), ["ID", "VERSION", "ABILITIES", "SUMMARY", "FILE"])
        place = lines[0].index("FILE")
        files = {line.split()[0]: line[place:] for line in lines[1:]}
        self.assertEqual(files["example.ewma"], str(EXAMPLES / "example_ewma.so"))
        self.assertEqual(files["example.deviation"], str(EXAMPLES / "example_deviation.so"))
        self.assertEqual(files["example.last-value"], str(EXAMPLES / "example_last_value.so"))

    def test_one_algorithm(self):
        result = forecastd("plugins", "example.ewma", "--plugin-dir", EXAMPLES)
        self.assertEqual((result.returncode, result.stderr), (0, b""))
        self.assertEqual(result.stdout.decode(), f"""\
example.ewma 1.0.0: Flat line at the weighted mean.
  abilities  forecasts
  memory     24 bytes a series, with default parameters and an interval of 1s
  file       {EXAMPLES}/example_ewma.so

Parameters:
  alpha
      a number from 0 to 1; default 0.3
      Weight of the newest value.
""")

    def test_an_algorithm_without_parameters(self):
        result = forecastd("plugins", "example.last-value", env={"FORECASTD_PLUGIN_PATH": str(EXAMPLES)})
        self.assertTrue(result.stdout.decode().endswith("\nNo parameters.\n"), result.stdout)

    def test_every_type_of_parameter(self):
        result = forecastd("plugins", "test.describe", "--plugin-dir", BUILD / "test_plugins/describe")
        self.assertEqual((result.returncode, result.stderr), (0, b""))
        self.assertEqual(result.stdout.decode().split("\n\n")[1], """\
Parameters:
  alpha (also smoothing_level, level)
      a number from 0 to 1, or null; chosen by the algorithm
      A weight.
  slope
      a number; default 0
      Any number.
  trees
      an integer of at least 1; default 50
      How many.
  damped
      true or false; default true
      Whether it is damped.
  form
      "none", "add" or "mul"; default "add"
      The form.
  half_life
      a duration such as "10s", from "1s" to "1h30m"; default "10s"
      How long it remembers.
  season
      an integer from 2 to 1000 (steps of the interval), or a duration such as "1h"; required
      The season.
  order
      a list of 3 integers from 0 to 5, or "auto"; default "auto"
      Three numbers.
  lag
      a list of 1 integer of at least 0; default [1]
      One number.""")
        self.assertEqual(result.stdout.decode().split("\n\n")[2], """\
Diagnostics of a series:
  form
      "none", "add" or "mul"
      The form in use.
  mean
      a number
      The mean of the values.
  points
      an integer
      How many there were.
""")
        self.assertIn("memory     depends on its required parameters\n", result.stdout.decode())

    def test_unknown(self):
        result = forecastd("plugins", "example.ewna", "--plugin-dir", EXAMPLES, "--plugin-dir", "/nowhere")
        self.assertEqual((result.returncode, result.stdout), (1, b""))
        self.assertRegex(result.stderr.decode(),
                         r"^E! there is no algorithm 'example\.ewna', did you mean 'example\.ewma'\? Known: .*"
                         rf"; looked in: {EXAMPLES}, /nowhere \(not there\), ")


if __name__ == "__main__":
    forecastd_test.main()
