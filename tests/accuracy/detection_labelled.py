"""The parts nab and kpi of detection.py: labelled series, scored by det_score.py."""

import json
import subprocess
import sys


def labelled(host, shared, name, table):
    data, out = shared / "data/detection" / name, host.folder / f"{name}.out"
    host.run({"detect": host.detector()}, data / f"{name}.lp.gz", out)
    result = json.loads(subprocess.run(
        [sys.executable, str(shared / "tools/det_score.py"), "--json", "--input", str(data / f"{name}.lp.gz"), "--labels",
         str(data / "labels.json"), str(out)], capture_output=True, text=True, check=True).stdout)
    if name == "nab":
        silent = result["nab_best_with_silence"]
        table.add("NAB", "own level, standard", result["nab_own"]["standard"], 58)
        table.add("NAB", "best threshold with silence, standard", silent["standard"], 74)
        table.add("NAB", "best threshold with silence, low FP", silent["reward_low_FP"], 66)
    else:
        table.add("KPI", "best event F1", result["events_best"]["f1"], 0.65)
        table.add("KPI", "recall at 0.2 false alarms a day", result["recall_at_false_per_day"]["0.2"], 0.66)
        table.add("KPI", "own level, event F1", result["events_own"]["f1"], 0.61)
