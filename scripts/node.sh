#!/usr/bin/env bash
# Node packages of one folder, exactly as its package-lock.json names them.
#   node.sh FOLDER 'WHAT IT IS'
set -euo pipefail

say() { printf '\033[1m· %s\033[0m\n' "$*"; }
fail() { printf '\033[1m✗ %s\033[0m\n' "$*" >&2; exit 1; }

folder=$1
say "Installing $2 into $folder/node_modules"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# No package's own scripts run: nothing here needs one, and a download of a prebuilt binary would be one.
(cd "$folder" && npm ci --ignore-scripts --no-audit --no-fund) >"$log" 2>&1 </dev/null || {
  tail -n 30 "$log" >&2
  fail "npm could not install the packages of $folder (its last words are above)."
}
touch "$folder/node_modules/.ready"
