"""Extensions and the text search functions that the vacancy table's generated column calls.

PostgreSQL ships an Indonesian stemmer but no stop words, and the stemmer keeps words apart that people use for
the same thing ("berpengalaman" and "pengalaman", "supir" and "sopir"). Both are mended here: a synonym step before the
stemmer, and `ts_delete` after it, because both are immutable and need no file on the server.
"""

from django.contrib.postgres.operations import BtreeGinExtension, TrigramExtension, UnaccentExtension
from django.db import migrations

STOP_WORDS = (
    "yang dan di dengan untuk dari pada dalam atau ke kami anda milik ini itu adalah akan juga serta oleh kepada sebagai"
)

SYNONYMS = {
    "pengalaman": "berpengalaman",
    "sopir": "supir|driver|pengemudi",
    "satpam": "security|sekuriti|penjaga keamanan",
    "admin": "administrasi|administration|administratif",
    "kasir": "cashier",
    "guru": "pengajar|teacher|tutor",
    "koki": "juru masak|cook|chef",
    "las": "welder|pengelasan",
    "gudang": "warehouse|pergudangan",
    "perawat": "nurse",
    "kurir": "courier",
    "montir": "mekanik|mechanic",
    "pelayan": "pramusaji|waiter|waitress",
    "pemasaran": "marketing",
    "penjualan": "sales",
    "personalia": "hrd|human resources?",
    "akuntan": "accounting|akuntansi|accountant",
    "pramuniaga": "shopkeeper|spg|spb|penjaga toko",
    "penjahit": "tailor|jahit",
    "desain": "design",
}


def same_words() -> str:
    """The SQL expression that writes every synonym in $1 as its head word."""
    expression = "lower($1)"
    for head, others in SYNONYMS.items():
        expression = f"regexp_replace({expression}, '\\m({others})\\M', '{head}', 'g')"
    return expression


FUNCTIONS = f"""
CREATE FUNCTION canvassing_same_words(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN {same_words()};

CREATE FUNCTION canvassing_join(text[]) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN array_to_string($1, ' ');

CREATE FUNCTION canvassing_vacancy_search(title text, employer text, skills text[], body text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN
    ts_delete(
        setweight(to_tsvector('pg_catalog.indonesian', canvassing_same_words(coalesce(title, ''))), 'A') ||
        setweight(to_tsvector('pg_catalog.indonesian', canvassing_same_words(canvassing_join(coalesce(skills, '{{}}')))), 'B') ||
        setweight(to_tsvector('pg_catalog.indonesian', canvassing_same_words(coalesce(employer, ''))), 'C') ||
        setweight(to_tsvector('pg_catalog.indonesian', canvassing_same_words(coalesce(body, ''))), 'D'),
        string_to_array('{STOP_WORDS}', ' '));

CREATE FUNCTION canvassing_search_query(typed text) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN
    websearch_to_tsquery('pg_catalog.indonesian', canvassing_same_words(
        regexp_replace(lower(typed), '\\m({STOP_WORDS.replace(" ", "|")})\\M', ' ', 'g')));
"""

DROP = """
DROP FUNCTION canvassing_search_query(text);
DROP FUNCTION canvassing_vacancy_search(text, text, text[], text);
DROP FUNCTION canvassing_join(text[]);
DROP FUNCTION canvassing_same_words(text);
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        TrigramExtension(),
        BtreeGinExtension(),
        UnaccentExtension(),
        migrations.RunSQL(FUNCTIONS, DROP),
    ]
