#!/bin/sh
# Makes the virtual environment with exactly what requirements.lock pins, and Hatang in it.
set -eu
: "${PYTHON:=python3}" "${VENV:=.venv}"

"$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "Hatang needs Python 3.11 or newer; run: make PYTHON=python3.12 ${MAKECMDGOALS:-setup}" >&2
    exit 1
}
if ! "$PYTHON" -c 'import ensurepip, venv' 2>/dev/null; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "[1/3] Installing python3-venv from Debian …"
        apt-get update -q >/dev/null && apt-get install -q -y --no-install-recommends python3-venv >/dev/null
    else
        echo "Python's venv module is missing; run: sudo apt-get install python3-venv" >&2
        exit 1
    fi
fi
echo "[1/3] Making $VENV …"
"$PYTHON" -m venv --clear "$VENV"
echo "[2/3] Installing the pinned packages (a minute or two on a slow line) …"
"$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
echo "[3/3] Installing Hatang …"
# An editable installation warns about folders named as our packages: these are the packages.
export PYTHONWARNINGS=ignore
"$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
