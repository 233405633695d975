#!/usr/bin/env bash
# Brings a server to the code that lies here, the first time and after every `git pull`. Run it as root.
#
# Visitors of the site wait while it restarts: about as long as the migrations take.
set -euo pipefail
. "$(dirname "$0")/common.sh"

[ "$(id -u)" = 0 ] || fail "must be run by root"
read_settings
cd "$site"

trap 'echo "The update failed and the site is stopped. Mend the cause and run this again, or go back: docs/operate.md" >&2' ERR
systemctl stop kanvas.target
python3 config/bootstrap.py requirements.txt
# What root prepares here, the site's user may only read.
"$python" -m compileall -q -j 0 .venv/lib ./*/ || true # some packages bring examples for other Pythons
manage compile_catalogues
deploy/manage.sh check --deploy --fail-level WARNING
deploy/manage.sh prepare
systemctl start kanvas.target
