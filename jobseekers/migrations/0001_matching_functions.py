"""Extensions, and the functions that keep the input tables of matching; called by triggers on people, their
experience, and vacancies (jobseekers/models). The bodies are read when they run, so the tables may come later.

A row is locked before it is read: two changes of one person at the same moment then see each other.
"""

from django.contrib.postgres.operations import CreateExtension
from django.db import migrations

FUNCTIONS = r"""
CREATE FUNCTION jobseekers_skill_ids(words text[]) RETURNS int[] LANGUAGE plpgsql AS $$
DECLARE
    wanted text[] := ARRAY(
        SELECT DISTINCT key
        FROM (SELECT btrim(regexp_replace(lower(word), '\s+', ' ', 'g')) AS key FROM unnest(words) AS word) AS tidy
        WHERE key <> '' ORDER BY key);
BEGIN
    INSERT INTO jobseekers_skill (key)
    SELECT key FROM unnest(wanted) AS key WHERE NOT EXISTS (SELECT FROM jobseekers_skill AS s WHERE s.key = key.key)
    ON CONFLICT DO NOTHING;
    RETURN ARRAY(SELECT s.id FROM jobseekers_skill AS s WHERE s.key = ANY (wanted) ORDER BY s.id);
END $$;

CREATE FUNCTION jobseekers_occupation_keys(code text) RETURNS int[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN ARRAY[-('1' || left(code, 1))::int, -('1' || left(code, 2))::int, -('1' || left(code, 4))::int];

CREATE FUNCTION jobseekers_place_key(code text, digits int) RETURNS int LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN left(replace(code, '.', ''), digits)::int;

-- Whole years in which somebody worked, each counted once; a job that ended in the year it began counts as one year.
CREATE FUNCTION jobseekers_experience_years(person bigint) RETURNS int LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    this_year int := extract(year FROM now());
    worked int4multirange;
BEGIN
    SELECT range_agg(int4range(from_year, greatest(coalesce(to_year, this_year), from_year + 1))) INTO worked
    FROM jobseekers_experience WHERE job_seeker_id = person;
    RETURN (SELECT coalesce(sum(upper(span) - lower(span)), 0) FROM unnest(worked) AS span);
END $$;

CREATE FUNCTION jobseekers_match_person(person bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    p record;
    occupations int[];
    near int[];
BEGIN
    SELECT * INTO p FROM jobseekers_jobseeker WHERE id = person FOR NO KEY UPDATE;
    IF NOT FOUND OR p.state <> 'complete' OR p.restricted_at IS NOT NULL THEN
        DELETE FROM jobseekers_matchperson WHERE job_seeker_id = person;
        RETURN;
    END IF;
    occupations := ARRAY(
        SELECT DISTINCT key FROM unnest(p.other_occupations || p.occupation_id::text) AS code,
        LATERAL unnest(jobseekers_occupation_keys(code)) AS key);
    near := ARRAY(
        SELECT DISTINCT -jobseekers_place_key(code, 4) FROM unnest(p.places || p.region_id::text) AS code
        WHERE length(code) >= 5);
    INSERT INTO jobseekers_matchperson (job_seeker_id, wage, education, experience, keys, places)
    VALUES (
        person, coalesce(p.wage_from, 0), p.education_id, jobseekers_experience_years(person),
        sort(jobseekers_skill_ids(p.skills) || occupations),
        CASE WHEN p.places = '{}' THEN '{0}'::int[]
        ELSE sort(near || ARRAY(SELECT DISTINCT jobseekers_place_key(code, 6) FROM unnest(p.places) AS code)) END)
    ON CONFLICT (job_seeker_id) DO UPDATE SET
        wage = EXCLUDED.wage, education = EXCLUDED.education, experience = EXCLUDED.experience, keys = EXCLUDED.keys,
        places = EXCLUDED.places;
END $$;

CREATE FUNCTION jobseekers_match_vacancy(vacancy bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v record;
    skills int[];
    occupations int[];
BEGIN
    SELECT state, valid_until, wage_month, occupation_id, region_id, education_id, experience_years, canvassing_vacancy.skills
    INTO v FROM canvassing_vacancy WHERE id = vacancy FOR NO KEY UPDATE;
    IF NOT FOUND OR v.state <> 'published' THEN
        DELETE FROM jobseekers_matchvacancy WHERE vacancy_id = vacancy;
        RETURN;
    END IF;
    skills := jobseekers_skill_ids(v.skills);
    occupations := jobseekers_occupation_keys(v.occupation_id);
    INSERT INTO jobseekers_matchvacancy (
        vacancy_id, last_day, wage, major, submajor, occupation, province, city, district, education, experience,
        asked_count, asked)
    VALUES (
        vacancy, v.valid_until, coalesce(v.wage_month, 0), occupations[1], occupations[2], occupations[3],
        jobseekers_place_key(v.region_id, 2), jobseekers_place_key(v.region_id, 4),
        jobseekers_place_key(v.region_id, 6),
        CASE v.education_id WHEN 4 THEN 3 ELSE v.education_id END,  -- SMA and SMK are peers
        v.experience_years, greatest(icount(skills), 1), skills)
    ON CONFLICT (vacancy_id) DO UPDATE SET
        last_day = EXCLUDED.last_day, wage = EXCLUDED.wage, major = EXCLUDED.major, submajor = EXCLUDED.submajor,
        occupation = EXCLUDED.occupation, province = EXCLUDED.province, city = EXCLUDED.city,
        district = EXCLUDED.district, education = EXCLUDED.education, experience = EXCLUDED.experience,
        asked_count = EXCLUDED.asked_count, asked = EXCLUDED.asked;
END $$;
"""

DROP = """
DROP FUNCTION jobseekers_match_vacancy(bigint);
DROP FUNCTION jobseekers_match_person(bigint);
DROP FUNCTION jobseekers_experience_years(bigint);
DROP FUNCTION jobseekers_place_key(text, int);
DROP FUNCTION jobseekers_occupation_keys(text);
DROP FUNCTION jobseekers_skill_ids(text[]);
"""


class Migration(migrations.Migration):
    replaces = [("jobseekers", "0002_matching_functions")]
    initial = True
    dependencies = []
    operations = [
        CreateExtension("intarray"),
        CreateExtension("btree_gist"),  # no two appointments at the same time
        migrations.RunSQL(FUNCTIONS, DROP),
    ]
