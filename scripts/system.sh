#!/usr/bin/env bash
# The Debian packages Nightlight needs: looks for each, installs what is missing, says what it does.
#   system.sh run    what `make run` needs: Python's venv, Chromium
#   system.sh all    also what the tests need: an IRC server, ip
# Nothing else is installed on the system: Python packages, and Node itself, go into .venv; Node packages into node_modules.
set -euo pipefail

say() { printf '\033[1m· %s\033[0m\n' "$*"; }
fail() { printf '\033[1m✗ %s\033[0m\n' "$*" >&2; exit 1; }

what=${1:-all}
missing=()

# want PACKAGE COMMAND...: the package is missing when none of its commands is there.
want() {
  local package=$1 command
  shift
  for command in "$@"; do
    if PATH=$PATH:/usr/sbin:/sbin command -v "$command" >/dev/null 2>&1; then return; fi
  done
  missing+=("$package")
}

want python3 python3
python3 -c 'import ensurepip, venv' >/dev/null 2>&1 || missing+=(python3-venv)
want chromium chromium chromium-browser google-chrome
# Emoji and Greek letters must not be empty boxes in the chat.
if [ -z "$(find /usr/share/fonts -iname '*emoji*' -print -quit 2>/dev/null)" ]; then missing+=(fonts-noto-color-emoji); fi
if [ -z "$(find /usr/share/fonts -iname '*dejavu*' -print -quit 2>/dev/null)" ]; then missing+=(fonts-dejavu-core); fi
# The Node inside Playwright, which drives the browser, is linked against it.
if ! PATH=$PATH:/usr/sbin:/sbin ldconfig -p 2>/dev/null | grep -q 'libatomic\.so\.1'; then missing+=(libatomic1); fi
if [ "$what" = all ]; then
  want ngircd ngircd
  want iproute2 ip
  want util-linux unshare
fi

if [ ${#missing[@]} -gt 0 ]; then
  if [ "$(id -u)" = 0 ]; then
    sudo=()
  else
    # sudo asks for a password here, where a person sees why, and not in the middle of apt-get.
    say "Debian packages are missing: ${missing[*]}. Installing them needs an administrator's password."
    if ! { command -v sudo && { sudo -n true || sudo -v; }; } >/dev/null 2>&1; then
      fail "Without it nothing was installed. Ask an administrator for 'apt-get install ${missing[*]}', then run this again."
    fi
    sudo=(sudo)
  fi
  command -v apt-get >/dev/null 2>&1 || fail "Nightlight needs ${missing[*]}; here is no apt-get to install them. \
Install them by your system's own means, then run this again."
  say "Installing Debian packages: ${missing[*]}"
  log=$(mktemp)
  trap 'rm -f "$log"' EXIT
  apt() { ${sudo[@]+"${sudo[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 "$@"; }
  { apt update && apt install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1 </dev/null || {
    tail -n 30 "$log" >&2
    fail "apt-get could not install ${missing[*]} (its last words are above)."
  }
  case " ${missing[*]} " in *" ngircd "*)
    # Debian starts the IRC server at once, for the whole network. The tests start their own, on loopback.
    if [ -d /run/systemd/system ]; then ${sudo[@]+"${sudo[@]}"} systemctl disable --now ngircd >/dev/null 2>&1 || true; fi ;;
  esac
fi

python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || fail "Nightlight needs Python 3.11 or newer; \
python3 here is $(python3 --version)."
