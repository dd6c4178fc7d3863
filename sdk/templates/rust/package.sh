#!/bin/sh
# Makes forecastd-@STEM@-VERSION.tar.gz, to be unpacked in the prefix of forecastd, such as /usr/local.
set -eu
cd "$(dirname "$0")"
umask 022
cargo build --release
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml)
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
install -D -m 644 "${CARGO_TARGET_DIR:-target}/release/lib@STEM@.so" "$root/lib/forecastd/plugins/@STEM@.so"
tar -C "$root" --owner=0 --group=0 -czf "forecastd-@STEM@-$version.tar.gz" lib
echo "made forecastd-@STEM@-$version.tar.gz"
