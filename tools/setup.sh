# Sourced by ./dev: finds out what this machine lacks, and installs it (system packages) or puts it
# into .venv (Python packages).
# shellcheck shell=bash

venv=${root:?}/.venv
py=$venv/bin/python

# What is looked for, why, and its package for apt-get, dnf, pacman and brew. A word with .h or .hpp
# is a header of the C++ compiler, python: is a module that Python needs, the rest are commands.
needs() {
  cat <<'TABLE'
c++               compiles                      g++                gcc-c++              gcc           llvm
cmake             configures the build          cmake              cmake                cmake         cmake
ninja             runs the build                ninja-build        ninja-build          ninja         ninja
git               lists_the_project's_files     git                git                  git           git
python:ensurepip  makes_.venv                   python3-venv       python3              python        python
python:Python.h   builds_the_Python_module      python3-dev        python3-devel        python        python
jpeglib.h         decodes_JPEG                  libjpeg-dev        libjpeg-turbo-devel  libjpeg-turbo jpeg-turbo
png.h             decodes_PNG                   libpng-dev         libpng-devel         libpng        libpng
webp/decode.h     decodes_WebP                  libwebp-dev        libwebp-devel        libwebp       webp
tiffio.h          decodes_TIFF                  libtiff-dev        libtiff-devel        libtiff       libtiff
fmt/format.h      formats_messages              libfmt-dev         fmt-devel            fmt           fmt
nlohmann/json.hpp reads_and_writes_JSON         nlohmann-json3-dev json-devel           nlohmann-json nlohmann-json
hwy/highway.h     uses_vector_instructions libhwy-dev   highway-devel        highway       highway
gtest/gtest.h     tests_C++                     libgtest-dev       gtest-devel          gtest         googletest
gmock/gmock.h     tests_C++                     libgmock-dev       gmock-devel          gtest         googletest
TABLE
}

has() {
  case $1 in
    python:ensurepip) "$python" -c 'import ensurepip, venv' 2>/dev/null ;;
    python:Python.h)
      [ -f "$("$python" -c 'import sysconfig; print(sysconfig.get_path("include"))')/Python.h" ] ;;
    *.h | *.hpp) printf '#include <%s>\n' "$1" | "${CXX:-c++}" -std=c++20 -E -x c++ - >/dev/null 2>&1 ;;
    c++) command -v "${CXX:-c++}" >/dev/null ;;
    *) command -v "$1" >/dev/null ;;
  esac
}

find_python() {
  local candidate
  for candidate in "${PYTHON:-python3}" python3.13 python3.12 python3.11 python3.10; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then
      python=$candidate
      return
    fi
  done
  die "no Python 3.10 or newer was found; install one, or name it: PYTHON=/path/to/python ./dev ..."
}

# Prints the package manager's command, and which column of the table it reads.
manager() {
  if command -v apt-get >/dev/null; then echo "1 env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq"
  elif command -v dnf >/dev/null; then echo "2 dnf install -y -q"
  elif command -v pacman >/dev/null; then echo "3 pacman -S --needed --noconfirm"
  elif command -v brew >/dev/null; then echo "4 brew install"
  fi
}

install_system_packages() {
  local column install name why apt dnf pacman brew package packages=""
  read -r column install <<<"$(manager)"
  while read -r name why apt dnf pacman brew; do
    has "$name" && continue
    case $column in 1) package=$apt ;; 2) package=$dnf ;; 3) package=$pacman ;; *) package=$brew ;; esac
    say "missing: $name (${why//_/ }), package $package"
    packages="$packages $package"
  done < <(needs)
  [ -n "$packages" ] || return 0
  [ -n "$column" ] || die "install these, then run ./dev again"
  local elevate=""
  if [ "$column" != 4 ] && [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || die "ask an administrator to run: $install$packages"
    elevate=sudo
  fi
  say "${elevate:+$elevate }$install$packages"
  if [ "$column" = 1 ]; then $elevate apt-get update -qq || true; fi
  # shellcheck disable=SC2086  # lists of words
  $elevate $install $packages >/dev/null || die "the packages could not be installed"
}

install_python_packages() {
  if [ ! -x "$py" ]; then
    say "making .venv, an environment for Python packages"
    "$python" -m venv "$venv" || die "could not make .venv"
  fi
  say "installing Python packages into .venv: $(grep -v '^#' "$root/tools/requirements.txt" | tr '\n' ' ')"
  "$py" -m pip install -q --disable-pip-version-check -r "$root/tools/requirements.txt" </dev/null ||
    die "the Python packages could not be installed"
  # The source tree is imported as it is: an edited Python file needs no step before the next run.
  echo "$root/python" >"$("$py" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/variegate-dev.pth"
}

# Several GB: only continuous integration and `./dev test --full` install it. Without it the tests that
# need it are skipped.
install_pytorch() {
  local missing='import importlib.util as u, sys; sys.exit(all(map(u.find_spec, ("torch", "torchvision"))))'
  "$py" -c "$missing" || return 0
  if [ -z "${CI:-}${1:-}" ]; then
    say "no PyTorch in .venv, its tests are skipped: .venv/bin/pip install -r tools/requirements-torch.txt"
    return
  fi
  say "installing PyTorch into .venv: several GB, minutes"
  "$py" -m pip install -q --disable-pip-version-check -r "$root/tools/requirements-torch.txt" </dev/null ||
    die "PyTorch could not be installed"
}

# Counts instructions. Only continuous integration installs it; without it nothing is counted, which is said.
install_valgrind() {
  [ -n "${CI:-}" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null && ! command -v valgrind >/dev/null || return 0
  say "installing valgrind, which counts instructions"
  env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends valgrind >/dev/null 2>&1 || true
}

# Looks again only when the lists have changed: a second ./dev starts at once.
setup() {
  local stamp=$venv/ready
  [ "$stamp" -nt "$root/tools/requirements.txt" ] && [ "$stamp" -nt "$root/tools/setup.sh" ] &&
    [ -x "$py" ] && return
  find_python
  install_system_packages
  install_python_packages
  touch "$stamp"
}
