#!/bin/sh
# Runs known values through forecastd with this plugin, and compares the numbers that the plugin decides with those of a
# calculation by hand:
#   tests/known_answer.sh FOLDER_OF_THE_PLUGIN
# forecastd is found on PATH, or by the variable FORECASTD.
set -eu
here=$(cd "$(dirname "$0")/known_answer" && pwd)
plugins=$(cd "$1" && pwd)
found=$(mktemp)
trap 'rm -f "$found"' EXIT
FORECASTD_PLUGIN_PATH=$plugins "${FORECASTD:-forecastd}" run "$here/config.json" <"$here/input.lp" >"$found.lp"
grep -E '_(forecast|anomaly),' "$found.lp" | grep -oE '(yhat|anomaly_score)=[^, ]*' >"$found"
rm -f "$found.lp"
diff -u "$here/expected.txt" "$found"
