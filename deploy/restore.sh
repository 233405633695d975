#!/usr/bin/env bash
# Puts a backup into an empty database and an empty upload directory: deploy/restore.sh DIRECTORY
#
#   BACKUP_IDENTITY  file with the secret key of age, if the backup is encrypted
#   KANVAS_ENV_FILE  other settings than those of the running site, for a drill
#
# Changes nothing unless everything is in order. Afterwards e-mail is paused: see docs/operate.md.
set -euo pipefail
. "$(dirname "$0")/common.sh"

[ $# = 1 ] || fail "usage: restore.sh DIRECTORY"
if [ -z "${KANVAS_ENV_FILE:-}" ] && systemctl is-active --quiet kanvas.target 2>/dev/null; then
    fail "the site is running: systemctl stop kanvas.target"
fi
as_site_user "$(realpath "$1")"
read_settings
use_database
umask 027
cd "$1"

# open FILE: a part of the backup to standard output.
open() {
    if [ -f "$1.age" ]; then
        age --decrypt --identity "${BACKUP_IDENTITY:?must name the file with the secret key}" "$1.age"
    else
        cat "$1"
    fi
}

ask() {
    psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 -Atc "$1"
}

echo "Checking the backup"
cat about.txt
sha256sum --check --quiet SHA256SUMS || fail "the backup is damaged"
open database.dump | pg_restore --file /dev/null || fail "the database part cannot be read"
open media.tar | tar --list >/dev/null || fail "the part with the uploads cannot be read"

tables=$(ask "SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')")
[ "$tables" = 0 ] || fail "the database $PGDATABASE has $tables tables; a backup goes into an empty one only"
mkdir -p "$media"
[ -z "$(ls -A "$media")" ] || fail "$media is not empty; a backup goes into an empty directory only"

echo "Restoring the database"
open database.dump |
    pg_restore --dbname "$PGDATABASE" --single-transaction --exit-on-error --no-owner --no-privileges
# Mails that were waiting then may have left since, and people may have unsubscribed since.
ask "INSERT INTO announcements_channelcontrol
        (channel, paused, tokens, failures_in_row, open_seconds) VALUES ('email', true, 0, 0, 0)
    ON CONFLICT (channel) DO UPDATE SET paused = true"
PGOPTIONS="-c client_min_messages=error" ask "ANALYZE"

echo "Restoring the uploads"
open media.tar | tar --extract --directory "$media" --no-same-owner
if [ -s "$media/media.sha256" ]; then
    (cd "$media" && sha256sum --check --quiet --strict media.sha256) || fail "uploads are missing or damaged"
fi
rm "$media/media.sha256"

echo "Checking the result"
manage migrate --check >/dev/null || fail "code and database differ: run update.sh, then look at the site"
ask "SELECT format('%s users, %s vacancies, %s deliveries of which %s were waiting, newest of %s',
    (SELECT count(*) FROM accounts_user), (SELECT count(*) FROM canvassing_vacancy), count(*),
    count(*) FILTER (WHERE state IN ('queued', 'claimed', 'sending')), max(created_at))
    FROM announcements_delivery"
echo "Done. E-mail is paused until an admin lets it run again (docs/operate.md, Restore)."
