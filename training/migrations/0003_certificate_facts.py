from django.conf import settings
from django.db import migrations, models


def fill(apps, schema_editor):
    """What a print of today would say, for certificates that were issued before."""
    certificates = apps.get_model("training", "TrainingCertificate").objects.filter(facts={})
    signing = apps.get_model("training", "TrainingSettings").objects.filter(pk=1).first()
    for each in certificates.select_related("enrolment__cohort__course", "issued_by").iterator():
        cohort, course = each.enrolment.cohort, each.enrolment.cohort.course
        units = course.units.order_by("order", "pk")
        each.facts = {
            "course": course.title,
            "cohort": cohort.name,
            "begins": cohort.begins_on.isoformat(),
            "ends": cohort.ends_on.isoformat(),
            "place": cohort.place,
            "lesson_hours": course.lesson_hours,
            "units": [[unit.code, unit.title, str(unit.lesson_hours or "")] for unit in units],
            "signer_title": signing.signer_title if signing else "Kepala Dinas",
            "signer_name": (signing and signing.signer_name) or each.issued_by.name or each.issued_by.email,
            "signer_nip": signing.signer_nip if signing else "",
        }
        each.save(update_fields=["facts"])


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("training", "0002_attendance_entries"),
    ]

    operations = [
        migrations.AddField(
            model_name="trainingcertificate",
            name="facts",
            field=models.JSONField(default=dict, editable=False, verbose_name="isi saat terbit"),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
