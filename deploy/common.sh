# Read by the scripts beside it: the settings of the site and how to reach its database.
# shellcheck shell=bash

site=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
env_file=${KANVAS_ENV_FILE:-/etc/kanvas/kanvas.env}
python=$site/.venv/bin/python

fail() {
    echo "$(basename "$0"): $*" >&2
    exit 1
}

# as_site_user ARGUMENT...: if root runs the script, have it run by the site's user instead.
as_site_user() {
    if [ "$(id -u)" = 0 ] && id kanvas >/dev/null 2>&1; then
        exec runuser -u kanvas -- "$0" "$@"
    fi
}

# In a container the variables are there already; on a server they stand in the file.
read_settings() {
    if [ -z "${DATABASE_URL:-}${DATABASE_URL_FILE:-}" ]; then
        [ -r "$env_file" ] || fail "cannot read $env_file"
        set -a
        # shellcheck disable=SC1090
        . "$env_file"
        set +a
    fi
    # shellcheck disable=SC2034 # read by backup.sh and restore.sh
    media=${MEDIA_ROOT:-${KANVAS_STATE_DIR:-$site/var}/media}
}

manage() {
    (cd "$site" && "$python" manage.py "$@")
}

# DATABASE_URL in the variables that psql and pg_dump read: a password on the command line could be seen by all.
use_database() {
    local variables
    variables=$("$python" - <<'PYTHON'
import os, shlex
from urllib.parse import parse_qsl, unquote, urlsplit

path = os.environ.get("DATABASE_URL_FILE")
url = urlsplit(open(path).read().strip() if path else os.environ["DATABASE_URL"])
query = dict(parse_qsl(url.query))
values = {
    "PGHOST": query.get("host") or url.hostname,
    "PGPORT": url.port or query.get("port"),
    "PGUSER": url.username,
    "PGPASSWORD": url.password,
    "PGDATABASE": url.path.lstrip("/"),
}
for name, value in values.items():
    if value:
        print(f"export {name}={shlex.quote(unquote(str(value)))}")
PYTHON
    ) || fail "cannot read DATABASE_URL"
    eval "$variables"
}
