#!/usr/bin/env bash
# Runs a command in a network namespace that has only loopback: whatever passes here needs no network.
#   offline.sh COMMAND [ARGUMENT...]
# Exit code 77: this kernel gives no such namespace; otherwise the command's own.
set -euo pipefail

PATH=$PATH:/usr/sbin:/sbin
if [ "$(id -u)" = 0 ]; then enter=(unshare --net); else enter=(unshare --map-root-user --net); fi
if ! reason=$("${enter[@]}" ip link set lo up 2>&1); then
  printf 'no network namespace here: %s\n' "$reason" >&2
  exit 77
fi
export NIGHTLIGHT_INSIDE_NAMESPACE=1
# The check inside says it aloud when another interface is there, rather than passing for the wrong reason.
exec "${enter[@]}" bash -c '
  ip link set lo up
  others=$(ip -o link show | grep -v " lo: " | grep -c "state UP" || true)
  if [ "$others" != 0 ]; then echo "another interface is up in the namespace" >&2; exit 77; fi
  exec "$@"' offline "$@"
