#!/usr/bin/env bash
# Writes database and uploads into a new directory: deploy/backup.sh [WHERE]
#
#   BACKUP_DIR        where, if not said on the command line; /var/backups/kanvas
#   BACKUP_RECIPIENT  public key of age; without it nothing is encrypted
#   BACKUP_KEEP_DAYS  older backups are deleted after a successful one; 14
set -euo pipefail
. "$(dirname "$0")/common.sh"

as_site_user "$@"
read_settings
use_database
umask 077

where=${1:-${BACKUP_DIR:-/var/backups/kanvas}}
[ -w "$where/" ] || fail "cannot write into $where"
name=kanvas-$(date -u +%Y%m%dT%H%M%SZ)
partial=$where/.$name
work=$(mktemp -d)
trap 'rm -rf "$partial" "$work"' EXIT
mkdir "$partial"

# seal FILE: standard input into the backup, encrypted if there is a key to encrypt to.
seal() {
    if [ -n "${BACKUP_RECIPIENT:-}" ]; then
        age --recipient "$BACKUP_RECIPIENT" --output "$partial/$1.age"
    else
        cat >"$partial/$1"
    fi
}

# The database first: an upload that arrives in between is then one too many, never one too few.
pg_dump --format=custom --no-owner --no-privileges | seal database.dump

mkdir -p "$media"
(cd "$media" && find . -type f ! -name .readyz -print0 | sort -z >"$work/names")
(cd "$media" && xargs -0 --no-run-if-empty sha256sum <"$work/names" >"$work/media.sha256")
tar --create --directory "$work" media.sha256 --directory "$media" --null --files-from "$work/names" | seal media.tar

{
    echo "made      $(date -u +%FT%TZ)"
    echo "code      $(git -c safe.directory="$site" -C "$site" rev-parse HEAD 2>/dev/null || echo unknown)"
    echo "database  PostgreSQL $(psql --no-psqlrc -Atc 'SHOW server_version')"
    echo "uploads   $(wc -l <"$work/media.sha256") files"
} >"$partial/about.txt"
(cd "$partial" && sha256sum -- * >SHA256SUMS)
sync "$partial"/*
mv -T "$partial" "$where/$name"

find "$where" -mindepth 1 -maxdepth 1 -type d -name 'kanvas-*Z' -mtime "+${BACKUP_KEEP_DAYS:-14}" -exec rm -r {} +
echo "$where/$name, $(du -sh "$where/$name" | cut -f1)"
