"""What `forecastd history` prints: the queries, and the config of Telegraf that asks them. That a real InfluxDB answers is
tested in tests/e2e."""

import re
import tomllib
import urllib.parse

from forecastd_test import TestCase, forecastd, main


class History(TestCase):
    def history(self, *options, pipelines):
        config = self.config({"pipelines": [{"detect": {"plugin": "zscore"}, "name": str(i), **pipeline}
                                            for i, pipeline in enumerate(pipelines)]})
        result = forecastd("history", config, *options)
        self.assertEqual((result.returncode, result.stderr), (0, b""))
        return result.stdout.decode()

    def test_queries(self):
        pipelines = [{"namepass": ["cpu", "disk*"], "fieldpass": ["usage_*", "a.b"]}, {"namepass": ["mem"], "fieldpass": ["used"]}]
        self.assertEqual(self.history("--query", "influxql", "--since", "2d", pipelines=pipelines),
                         r"SELECT /^(a\.b|usage_.*|used)$/ FROM /^(cpu|disk.*|mem)$/ WHERE time >= now() - 172800s GROUP BY *"
                         "\n")
        self.assertEqual(self.history("--query", "influxql", pipelines=[{}]),
                         "SELECT * FROM /.*/ WHERE time >= now() - 1209600s GROUP BY *\n")
        flux = self.history("--query", "flux", "--database", "metrics", pipelines=pipelines[1:])
        self.assertEqual(flux.splitlines()[0], 'from(bucket: "metrics")')
        self.assertIn("r._measurement =~ /^(mem)$/", flux)
        self.assertIn("r._field =~ /^(used)$/", flux)
        self.assertEqual(self.history("--query", "sql", "--since", "1h", pipelines=pipelines[1:]),
                         "SELECT * FROM \"mem\" WHERE time >= now() - INTERVAL '3600 seconds' ORDER BY time\n")

    def test_a_pattern_in_sql(self):
        self.assertEqual(self.history("--query", "sql", "--since", "1h", pipelines=[{"namepass": ["disk*"]}]).splitlines(),
                         ["-- for each table that matches the pattern, with its name:",
                          "SELECT * FROM \"disk*\" WHERE time >= now() - INTERVAL '3600 seconds' ORDER BY time"])

    def test_the_config_of_telegraf(self):
        text = self.history("--url", "http://db:8086", "--database", "a b", "--output", "past.lp",
                            pipelines=[{"namepass": ["cpu"]}])
        config = tomllib.loads(text)
        (url,) = config["inputs"]["http"][0]["urls"]
        asked = urllib.parse.urlsplit(url)
        self.assertEqual((asked.netloc, asked.path), ("db:8086", "/query"))
        query = urllib.parse.parse_qs(asked.query)
        self.assertEqual(query, {"db": ["a b"], "epoch": ["ns"],
                                 "q": ["SELECT * FROM /^(cpu)$/ WHERE time >= now() - 1209600s GROUP BY *"]})
        self.assertEqual(config["outputs"]["file"][0]["files"], ["past.lp"])
        self.assertIn("def apply(metric):", config["processors"]["starlark"][0]["source"])

    def test_wrong_options(self):
        config = self.config({"pipelines": [{"detect": {"plugin": "zscore"}}]})
        for options, message in ((("--query", "sequel"), "--query is 'sequel', expected 'influxql', 'flux' or 'sql'"),
                                 (("--since", "soon"), "--since: "), (("--since", "1ms"), "expected at least 1s")):
            result = forecastd("history", config, *options)
            self.assertEqual(result.returncode, 2)
            self.assertTrue(re.match(rf"^E! forecastd history: .*{re.escape(message)}", result.stderr.decode()), result.stderr)


if __name__ == "__main__":
    main()
