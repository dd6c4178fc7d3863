#!/bin/sh
# Builds the plugin, runs its tests and verifies it. Options go to cmake, such as -DCMAKE_PREFIX_PATH=PREFIX if forecastd
# is not installed in /usr/local or /usr.
set -eu
cd "$(dirname "$0")"
cmake -S . -B build "$@"
cmake --build build
ctest --test-dir build --output-on-failure
