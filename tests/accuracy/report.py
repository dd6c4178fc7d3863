"""The tables and the verdicts, as Markdown."""

from models import AIMS, ANCHORS, COVERAGE_WITHIN, COVERED

COLUMNS = {"sMAPE": ("smape", ".3f"), "MASE": ("mase", ".4f"), "median MASE": ("median_mase", ".4f"), "OWA": ("owa", ".4f"),
           "rel": ("rel", ".4f"), "cov80": ("cov80", ".3f"), "cov95": ("cov95", ".3f"), "MSIS": ("msis", ".3f"), "CPU ms a series": ("cpu_ms", ".2f")}


def row(name, measures):
    cells = [format(measures[key], form) if measures.get(key) is not None else "" for key, form in COLUMNS.values()]
    return "| " + " | ".join([name, *cells]) + " |"


def anchor_row(name, anchor, count):
    seconds = anchor.get("cpu_s_per_task", anchor.get("cpu_s_per_stream"))
    label = f"*{name}*" + (f" ({anchor['tasks']} of {count})" if "subset_tasks" in anchor else "")
    return row(label, {**anchor, "cpu_ms": None if seconds is None else 1000 * seconds})


def table(name, mode, rows, anchors):
    """rows: {model: measures}; anchors: {method: measures}, shown in italics."""
    first = next(iter(rows.values()))
    count = first.get("tasks", first.get("streams"))
    lines = [f"### {name}, {mode} ({count})", "", "| | " + " | ".join(COLUMNS) + " |",
             "|---" + "|---:" * len(COLUMNS) + "|"]
    lines += [row(f"**{model}**", measures) for model, measures in rows.items()]
    lines += [anchor_row(method, anchors[method], count) for method in ANCHORS[mode] if method in anchors]
    lines += [f"\n{model}: {measures['filled']} forecasts were missing; Naive2, or the last value, stands for them"
              for model, measures in rows.items() if measures.get("filled")]
    return "\n".join(lines)


def lead_table(mode, rows):
    """rows: {model: {lead or band: measures}}; a group of columns a lead."""
    columns = {"rel": ("rel", ".3f"), "worse": ("worse", "d")} if mode == "streams" else {}
    columns |= {"cov80": ("cov80", ".3f"), "cov95": ("cov95", ".3f"), "MSIS": ("msis", ".2f")}
    leads = list(dict.fromkeys(lead for by_lead in rows.values() for lead in by_lead))
    lines = ["| | " + " | ".join(f"{lead}: {name}" for lead in leads for name in columns) + " |",
             "|---" + "|---:" * len(leads) * len(columns) + "|"]
    for model, by_lead in rows.items():
        cells = [format(by_lead[lead][key], form) if key in by_lead.get(lead, {}) else ""
                 for lead in leads for key, form in columns.values()]
        lines.append(f"| **{model}** | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def aims(name, mode, rows, anchors, score):
    """A line for each aim. score(model, ids): the measures over the very tasks that the anchor was run on."""
    lines = []
    for aim in AIMS:
        if aim.mode != mode or aim.sets and name not in aim.sets or aim.anchor not in anchors or aim.model not in rows:
            continue
        anchor, key = anchors[aim.anchor], aim.measure(name)
        ids = anchor.get("subset_tasks")
        ours, theirs = (score(aim.model, set(ids)) if ids else rows[aim.model])[key], anchor[key]
        reached = ours < aim.factor * theirs if aim.below else ours <= aim.factor * theirs
        lines.append(f"- {'reached' if reached else 'MISSED'}: {aim.model} {key.upper()} {ours:.4f}, {aim.anchor} {theirs:.4f}, "
                     f"ratio {ours / theirs:.4f}, aim {'below' if aim.below else 'at most'} {aim.factor:g}"
                     + (f" ({len(ids)} tasks)" if ids else ""))
    return lines


def coverage(rows):
    lines = []
    for model in (m for m in COVERED if m in rows):
        for key, level in (("cov80", 0.80), ("cov95", 0.95)):
            value = rows[model].get(key)
            if value is None:
                lines.append(f"- MISSED: {model} has no {key}")
            else:
                off = abs(value - level) > COVERAGE_WITHIN
                lines.append(f"- {'MISSED' if off else 'reached'}: {model} {key} {value:.3f}, aim {level:.2f} +- {COVERAGE_WITHIN}")
    return lines
