#!/usr/bin/env bash
# gpu_pack.sh BUILD FOLDER: what the GPU tests of a build need, for a machine that has a GPU, a driver and Python with NumPy and
# pytest (of the version that the build was made for), but no compiler and no network. There, FOLDER/run runs them.
set -euo pipefail
build=$1 to=$2
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
rm -rf "$to"
mkdir -p "$to/bin" "$to/lib" "$to/tools" "$to/tests" "$to/python"

cp "$build"/tests/variegate_{gpu_tests,gpu_rates,jpeg_gpu_test} "$to/bin/"
cp -r "$root/python/variegate" "$to/python/"
cp -r "$root"/tests/{gpu,golden,python,photos} "$to/tests/"
cp "$root/tools/run_gpu_tests.sh" "$to/tools/"
find "$to" -name __pycache__ -prune -exec rm -rf {} +
strip "$to"/bin/* "$to"/python/variegate/*.so

# Libraries that the other machine may lack: all but those of the C library.
ldd "$to"/bin/* "$to"/python/variegate/*.so | awk '$2 == "=>" && $3 ~ /^\// {print $3}' | sort -u |
  grep -Ev '/(libc|libm|libdl|librt|libpthread|ld-linux[^/]*)\.so' | xargs -I{} cp -L {} "$to/lib/"

# nvJPEG is opened by its name at run time: it comes along if VARIEGATE_NVJPEG_LIBRARY says where it is.
[ -z "${VARIEGATE_NVJPEG_LIBRARY:-}" ] || cp -L "$VARIEGATE_NVJPEG_LIBRARY" "$to/lib/"

cat >"$to/run" <<'RUN'
#!/usr/bin/env bash
# Runs the packed GPU tests.
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 2
export LD_LIBRARY_PATH=$PWD/lib:$PWD/python/variegate PYTHONPATH=$PWD/python VG_SOURCE_DIR=$PWD
exec tools/run_gpu_tests.sh bin
RUN
chmod +x "$to/run"
du -sh "$to" | awk '{print $1 " in " $2}'
