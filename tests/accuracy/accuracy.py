#!/usr/bin/env python3
"""How accurate the forecasters are: series go through the host as line protocol, what it forecasts is scored.

    accuracy.py [--build DIR] [--shared DIR] [--set NAME ...] [--model NAME ...] [--mode tasks|streams|both] [--faults] [--json OUT]

--shared names a folder with data/forecast/dev (series.csv, tasks.csv, streams.csv, anchors.json) and tools/ (fc_to_lp.py,
fc_score.py): the tables then show other people's methods beside ours, and a verdict for each aim. Without it, or with --demo,
series are made up here. Models, aims and methods beside are tables in models.py. A model whose plugin or parameters are not there
is left out, with the host's own words. --check asserts what must be so of the made-up series, and that each --model can run.

A second table has the measures by lead (lead_score.py). --faults puts outliers, missing points, gaps and level shifts into the
streams (faults.py), which are then learned as a pipeline does by default ("learn_from_anomalies": "clip").
--peers shows the methods of statsforecast beside ours (peers.py).

CPU is the user time of the host, start and reading included, over the number of series.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import sys
import tempfile

import corpora
import demo_check
import host
import lead_score
import peers
import report
from models import MODELS

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Run:
    """One model on one set."""

    def __init__(self, options, corpus, folder, job):
        self.options, self.corpus, self.folder, (self.set, self.mode, self.model) = options, corpus, folder, job
        self.measures, self.forecasts, self.by_lead, self.left_out = None, {}, {}, None

    def __call__(self, lines, series):
        model, base = MODELS[self.model], self.folder / f"{self.set}.{self.mode}.{self.model}"
        config, out = base.with_suffix(base.suffix + ".json"), base.with_suffix(base.suffix + ".out")
        # Methods are compared with other programs' own, so each learns every value in full. Against faults the host helps.
        learn = self.options.learn or ("clip" if self.options.faults else "always")
        config.write_text(json.dumps(host.config(series, self.mode, lambda s: model.of(s, self.mode), learn)))
        forecastd = str(self.options.build / "bin/forecastd")
        self.left_out = host.check(forecastd, config)
        if not self.left_out:
            seconds, trouble = host.run(forecastd, config, lines, out, self.options.timeout)
            if trouble:
                self.say(trouble.splitlines()[0])
            self.forecasts, by_lead = host.forecasts(out, series, self.mode)
            out.unlink()
            self.measures = {**self.score(), "cpu_ms": 1000 * seconds / len(series)}
            self.by_lead = self.score_leads(by_lead)
        self.say(self.left_out.splitlines()[0] if self.left_out else "%.1f ms a series" % self.measures["cpu_ms"])
        return self

    def say(self, what):
        print(f"{self.set} {self.mode} {self.model}: {what}", file=sys.stderr, flush=True)

    def score(self, only=None):
        return self.corpus.score(self.set, self.mode, self.forecasts, only)

    def score_leads(self, by_lead):
        if self.mode == "streams":
            return lead_score.streams((*of, by_lead[id_]) for id_, of in corpora.streams(self.corpus, self.set).items())
        return lead_score.tasks((training, truth, self.forecasts[id_], m)
                                for id_, (training, truth, m) in self.corpus.items(self.set, self.mode).items())


def run_all(options, corpus, folder):
    """{(set, mode): {model: Run}} of those that could run."""
    if options.peers:
        def ours(name, models):
            lines, series = corpus.prepare(name, "tasks", folder)
            runs = {model: Run(options, corpus, folder, (name, "tasks", model))(lines, series) for model in models}
            return {model: run for model, run in runs.items() if run.measures}
        peers.compare(options, corpus, folder, ours)
        return {}
    modes = ["streams"] if options.faults else ["tasks", "streams"] if options.mode == "both" else [options.mode]
    runs, futures = {}, []
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for mode in modes:
            for name in corpus.sets(mode):
                if options.set and name not in options.set:
                    continue
                lines, series = corpus.prepare(name, mode, folder)
                for model in options.model or MODELS:
                    run = Run(options, corpus, folder, (name, mode, model))
                    futures.append(pool.submit(run, lines, series))
        for future in futures:
            run = future.result()
            if run.left_out and options.check and options.model:
                sys.exit(f"{run.model} cannot run: {run.left_out}")
            if run.measures:
                runs.setdefault((run.set, run.mode), {})[run.model] = run
    return runs


def show(corpus, runs):
    for (name, mode), by_model in runs.items():
        rows = {model: run.measures for model, run in by_model.items()}
        anchors = corpus.anchors.get(mode, {}).get(name, {})
        print(f"### {name}, {mode} ({len(corpus.made[name])}), with faults" if isinstance(corpus, corpora.Faulty)
              else report.table(name, mode, rows, anchors))
        print("\n" + report.lead_table(mode, {model: run.by_lead for model, run in by_model.items()}))
        verdicts = report.aims(name, mode, rows, anchors, lambda model, ids, of=by_model: of[model].score(ids))
        verdicts += report.coverage(rows) if anchors else []
        print("\n" + "\n".join(verdicts) + "\n" if verdicts else "", flush=True)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build/release")
    parser.add_argument("--shared", type=pathlib.Path, default=os.environ.get("FORECASTD_SHARED"))
    parser.add_argument("--demo", action="store_true", help="made-up series, also if --shared is given")
    parser.add_argument("--check", action="store_true", help="assert what must be so of the made-up series")
    parser.add_argument("--set", nargs="+", default=[])
    parser.add_argument("--model", nargs="+", default=[], choices=list(MODELS))
    parser.add_argument("--mode", choices=("tasks", "streams", "both"), default="both")
    parser.add_argument("--faults", action="store_true", help="streams, with faults put in")
    parser.add_argument("--peers", action="store_true", help="statsforecast beside our models, on a sample of the tasks")
    parser.add_argument("--sample", type=int, default=10, help="tasks of each set for --peers")
    parser.add_argument("--peer-seconds", type=float, default=300, help="processor time of each method on each set for --peers")
    parser.add_argument("--learn", choices=("clip", "skip", "always"), help="learn_from_anomalies; clip with --faults, else always")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--timeout", type=float, default=1800, metavar="SECONDS", help="of one model on one set")
    parser.add_argument("--json", type=pathlib.Path, metavar="OUT")
    options = parser.parse_args()
    options.root = ROOT
    return options


def main():
    options = arguments()
    demo = options.demo or options.check or not options.shared
    corpus = corpora.Demo() if demo else corpora.Shared(pathlib.Path(options.shared))
    if options.faults:
        corpus = corpora.Faulty(corpus)
    with tempfile.TemporaryDirectory() as folder:
        runs = run_all(options, corpus, pathlib.Path(folder))
    if options.check:
        (demo_check.check_faults if options.faults else demo_check.check)(corpus, runs)
    show(corpus, runs)
    if options.json:
        result = {f"{name}, {mode}":
                  {m: {**r.measures, "by_lead": r.by_lead} for m, r in by_model.items()} for (name, mode), by_model in runs.items()}
        options.json.write_text(json.dumps(result, indent=1) + "\n")
    if not runs and not options.peers:
        sys.exit("nothing could be run")


if __name__ == "__main__":
    main()
