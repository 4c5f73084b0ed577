# What the other scripts share: a current .venv, and what the operating system lacks.
# Sourced, not run.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Compiled modules are kept in .venv: without them every start compiles hundreds of files anew.
unset PYTHONDONTWRITEBYTECODE

say() { printf '%s\n' "$*" >&2; }

# as_root COMMAND...: run it as root where that needs no password, else fail.
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

may_be_root() {
  [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null
}

# need_packages WHY PACKAGE...: install Debian packages where we may, else say what to type and stop.
need_packages() {
  local why=$1
  shift
  if ! command -v apt-get >/dev/null; then
    say "$why needs these programs, which this system lacks (named as in Debian): $*"
    exit 1
  fi
  if ! may_be_root; then
    say "$why needs packages that this machine lacks. Type this, then start again:"
    say "  sudo apt-get update && sudo apt-get install -y --no-install-recommends $*"
    exit 1
  fi
  say "Installing $* ..."
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq >/dev/null
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

find_python() {
  local candidate
  for candidate in "${PYTHON:-}" python3 python3.14 python3.13 python3.12 python3.11; do
    if [ -n "$candidate" ] && command -v "$candidate" >/dev/null &&
      "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      printf '%s' "$candidate"
      return
    fi
  done
  say "StockSense needs Python 3.11 or newer; none was found. Type: sudo apt-get install -y python3 python3-venv"
  exit 1
}

# install_into_venv EXTRAS: quickly with uv, with pip where uv can't be had. The constraints always apply.
install_into_venv() {
  local target="." links
  [ -z "$1" ] || target=".[$1]"
  links=${UV_FIND_LINKS:-${PIP_FIND_LINKS:-$(.venv/bin/python -m pip config get global.find-links 2>/dev/null || true)}}
  if [ -z "$links" ] && [ -z "${UV_TORCH_BACKEND:-}" ]; then
    say "Tip: on a machine without a GPU, UV_TORCH_BACKEND=cpu saves a download of about 2.7 GB."
  fi
  if .venv/bin/python -m pip install -q --disable-pip-version-check uv 2>/dev/null; then
    UV_FIND_LINKS="${links// /,}" .venv/bin/python -m uv pip install -q --python .venv/bin/python \
      -c constraints.txt -e "$target"
  else
    say "uv could not be installed; going on with pip, which is slower."
    .venv/bin/python -m pip install -q --disable-pip-version-check -c constraints.txt -e "$target"
  fi
}

# ensure_venv [EXTRAS]: build .venv if it is missing, or stale against pyproject.toml and constraints.txt.
ensure_venv() {
  local extras=${1:-} stamp=.venv/stocksense-stamp wanted
  wanted="$(cat pyproject.toml constraints.txt | sha256sum | cut -c1-64)"
  if [ -f "$stamp" ] && [ "$(sed -n 1p "$stamp")" = "$wanted" ]; then
    if [ -z "$extras" ] || [ "$(sed -n 2p "$stamp")" = "$extras" ]; then return; fi
  fi
  local python
  python=$(find_python)
  if ! "$python" -c 'import ensurepip' 2>/dev/null; then
    need_packages "A Python environment" python3-venv
  fi
  say "Setting up .venv (once; about half a minute with uv) ..."
  [ -x .venv/bin/python ] && .venv/bin/python -c '' 2>/dev/null || "$python" -m venv --clear .venv
  install_into_venv "$extras"
  printf '%s\n%s\n' "$wanted" "$extras" >"$stamp"
}
