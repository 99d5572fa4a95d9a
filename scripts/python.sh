#!/usr/bin/env bash
# The virtual environment in .venv: made once, filled from pyproject.toml.
#   python.sh run    the helper and what shows and tests it (extra "dev")
#   python.sh all    also what trains and exports the model (extra "export": PyTorch among it)
set -euo pipefail

say() { printf '\033[1m· %s\033[0m\n' "$*"; }
fail() { printf '\033[1m✗ %s\033[0m\n' "$*" >&2; exit 1; }

if [ ! -x .venv/bin/python ]; then
  say "Making the virtual environment .venv"
  python3 -m venv .venv || fail "python3 could not make .venv; is the Debian package python3-venv installed?"
fi

pip() { .venv/bin/python -m pip --disable-pip-version-check install --quiet "$@" </dev/null; }

case ${1:-all} in
  run)
    say "Installing Nightlight and its tools into .venv"
    pip -e '.[dev]' || fail "pip could not install Nightlight; its own message is above."
    touch .venv/.ready-run ;;
  all)
    # PyTorch first and pinned: left to a range, pip would look for a newer and far larger build.
    say "Installing PyTorch into .venv (large; only training and its tests need it)"
    pip torch==2.13.0 || fail "pip could not install torch 2.13.0; its own message is above."
    say "Installing Nightlight, its exporter and its tools into .venv"
    pip -e '.[export,dev]' || fail "pip could not install Nightlight; its own message is above."
    touch .venv/.ready-run .venv/.ready-all ;;
  *) fail "python.sh: run or all, not '$1'" ;;
esac
