"""`accuracy.py --peers`: the methods of Nixtla's statsforecast beside our models, on a seeded sample of the tasks of each set.

statsforecast comes from PyPI, into a virtual environment in build/peers; without pip or network a sentence says so. Missing points are
filled by straight lines, as in Naive2. A table tells, for the tasks that every method forecast, OWA (real series) or MASE, the
coverage, and the processor time of a series: of ours that of the whole host, start and reading included.
"""

import json
import os
import random
import subprocess
import sys
import venv

import lead_score
import report

MODELS = ("AutoETS", "AutoARIMA", "AutoTheta", "AutoCES", "MSTL")
OURS = ("auto", "lag", "holt-winters", "theta", "naive")


def python_of(root):
    """The Python that has statsforecast; made here if it is not there."""
    folder = root / "build/peers"
    python = folder / "bin/python"
    if subprocess.run([python, "-c", "import statsforecast"], capture_output=True, check=False).returncode if python.exists() else True:
        print(f"installing statsforecast into {folder}", file=sys.stderr, flush=True)
        try:
            venv.create(folder, with_pip=True)
        except (OSError, subprocess.CalledProcessError) as error:
            sys.exit(f"--peers: no virtual environment could be made in {folder} ({error}); it needs Python's venv and pip: "
                     "install python3-venv")
        pip = subprocess.run([python, "-m", "pip", "install", "-q", "statsforecast"], capture_output=True, text=True, check=False)
        if pip.returncode:
            last = (pip.stderr.strip().splitlines() or ["it said nothing"])[-1]
            sys.exit(f"--peers: pip could not install statsforecast ({last}); it needs the network, or a mirror of PyPI that "
                     "PIP_INDEX_URL names")
    return python


def filled(values):
    """Straight lines over missing points, flat at the ends."""
    known = [i for i, v in enumerate(values) if v is not None]
    out = [values[known[0]] if i < known[0] else values[known[-1]] for i in range(len(values))]
    for a, b in zip(known, known[1:]):
        for i in range(a, b):
            out[i] = values[a] + (values[b] - values[a]) * (i - a) / (b - a)
    return out


def tasks_of(corpus, name, series, count):
    """A sample of a set: the same tasks each time."""
    items = corpus.items(name, "tasks")
    ids = sorted(random.Random(f"peers {name}").sample(sorted(items), min(count, len(items))))
    by_id = {s.id: s for s in series}
    return [{"id": id_, "values": filled(items[id_][0]), "h": len(items[id_][1]),
             "seasons": [m for m in (by_id[id_].season_length, by_id[id_].second_season_length) if m > 1] or [1]} for id_ in ids]


def fit(python, tasks, seconds):
    given = json.dumps({"models": MODELS, "seconds": seconds, "tasks": tasks})
    run = subprocess.run([python, os.path.join(os.path.dirname(__file__), "peers_fit.py")], input=given, stdout=subprocess.PIPE,
                         text=True, check=False, env={**os.environ, "NIXTLA_ID_AS_COL": "1", "OMP_NUM_THREADS": "1"})
    if run.returncode:
        sys.exit(f"--peers: statsforecast ended with {run.returncode}")
    return json.loads(run.stdout)


def row(corpus, name, forecasts, ids, cpu_ms):
    measures = corpus.score(name, "tasks", forecasts, ids)
    items = corpus.items(name, "tasks")
    by_lead = lead_score.tasks((*items[id_][:2], forecasts[id_], items[id_][2]) for id_ in ids)
    return {**measures, "cpu_ms": cpu_ms}, by_lead


def compare(options, corpus, folder, run_ours):
    """run_ours(set, models): {model: Run}"""
    python = python_of(options.root)
    for name in corpus.sets("tasks"):
        if options.set and name not in options.set:
            continue
        _, series = corpus.prepare(name, "tasks", folder)
        tasks = tasks_of(corpus, name, series, options.sample)
        found = fit(python, tasks, options.peer_seconds)
        done = {model: {id_: dict(enumerate(rows, 1)) for id_, rows in one["forecasts"].items()} for model, one in found.items()}
        ids = {task["id"] for task in tasks}
        rows, leads = {}, {}
        for model, run in run_ours(name, options.model or OURS).items():
            rows[model], leads[model] = row(corpus, name, run.forecasts, ids, run.measures["cpu_ms"])
        for model, forecasts in done.items():
            if ids <= set(forecasts):
                rows[f"*{model}*"], leads[f"*{model}*"] = row(corpus, name, forecasts, ids,
                                                              1000 * found[model]["cpu_s"] / len(forecasts))
        print(report.table(name, "tasks", rows, {}) + "\n\n" + report.lead_table("tasks", leads) + "\n")
        for model, one in found.items():
            missing = ids - set(one["forecasts"])
            if missing:
                reason = next(iter(one["failed"].values()), f"{options.peer_seconds:g} s of processor time were over")
                print(f"{model}: {len(missing)} of {len(ids)} tasks have no forecast: {reason}\n")
