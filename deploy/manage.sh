#!/usr/bin/env bash
# manage.py of the running site, with its settings and as its user: deploy/manage.sh createsuperuser
set -euo pipefail
. "$(dirname "$0")/common.sh"

as_site_user "$@"
read_settings
manage "$@"
