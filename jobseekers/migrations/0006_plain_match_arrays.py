"""Arrays that matching reads thousands of times a question are stored with their whole header.

With the short header that PostgreSQL gives small values, every look at an array copies it first: 0.14 of 1.0 ms for a
person's vacancies, 2.4 of 12.1 ms for a vacancy's people. They stay small (at most 30 skills, 20 places), so that they
need no compression either. The rows are written anew once; a million take about ten seconds.
"""

from django.db import migrations

# One statement a table: the new type is the old one, so that all rows are written anew, with the new storage.
PLAIN = """
ALTER TABLE jobseekers_matchperson
    ALTER COLUMN keys TYPE int[] USING keys || '{}', ALTER COLUMN keys SET STORAGE PLAIN,
    ALTER COLUMN places TYPE int[] USING places || '{}', ALTER COLUMN places SET STORAGE PLAIN;
ALTER TABLE jobseekers_matchvacancy
    ALTER COLUMN asked TYPE int[] USING asked || '{}', ALTER COLUMN asked SET STORAGE PLAIN;
"""
EXTENDED = PLAIN.replace("PLAIN", "EXTENDED")


class Migration(migrations.Migration):
    dependencies = [("jobseekers", "0005_own_data")]

    operations = [migrations.RunSQL(PLAIN, EXTENDED)]
