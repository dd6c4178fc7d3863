#!/bin/sh
# Builds the plugin, runs its tests and verifies it. forecastd is found on PATH, or by the variable FORECASTD.
set -eu
cd "$(dirname "$0")"
umask 022 # forecastd loads no plugin that others may write to
cargo build --release
cargo test
plugins=${CARGO_TARGET_DIR:-target}/release
tests/known_answer.sh "$plugins"
"${FORECASTD:-forecastd}" verify "$plugins/lib@STEM@.so"
