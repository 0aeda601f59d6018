#!/bin/bash
# Makes a Python virtual environment with moto, which pretends to be AWS. Kept: a second call is quick.
# Prints the path of its python.
set -euo pipefail

here=$(dirname "$(readlink -f "$0")")
cache=${XDG_CACHE_HOME:-$HOME/.cache}/machine-relay-e2e
fingerprint=$({ python3 --version && cat "$here/requirements.txt"; } | sha256sum | cut -c1-12)
target=$cache/moto-$fingerprint

if [ ! -e "$target/complete" ]; then
  echo "making a Python environment with moto, once" >&2
  mkdir -p "$cache"
  rm -rf "$target"
  python3 -m venv "$target" >&2
  "$target/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$here/requirements.txt" >&2
  touch "$target/complete"
fi
echo "$target/bin/python"
