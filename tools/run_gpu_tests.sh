#!/usr/bin/env bash
# Runs what needs a GPU: run_gpu_tests.sh FOLDER-OF-TEST-PROGRAMS, from the root of the sources or of a packed folder.
# PYTHON is an interpreter with NumPy and pytest that finds the package. All steps are done; the last line says what failed.
set -uo pipefail
programs=$1
failed=""

step() {
  printf '== %s\n' "$1"
  local name=$1
  shift
  "$@" </dev/null || failed="$failed, $name"
}

nvidia-smi --query-gpu=name,driver_version --format=csv,noheader
date -u +%F
step "C++ tests on the GPU" "$programs/variegate_gpu_tests" --gtest_brief=1
step "JPEG decoder on the GPU" "$programs/variegate_jpeg_gpu_test" --gtest_brief=1 "--gtest_filter=-*Rates*"
step "Python tests on the GPU" "${PYTHON:-python3}" -m pytest -q --tb=short -p no:cacheprovider tests/gpu
step "rates on the GPU" "$programs/variegate_gpu_rates" "$(nproc)"
if [ -n "$failed" ]; then
  echo "failed: ${failed#, }"
  exit 1
fi
echo "== all passed"
