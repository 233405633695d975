from django.db import migrations

from accounts.seal import MARK, open_sealed, seal

SECRETS = ("secret", "seed")  # of the code app, of the recovery codes


def change(apps, how):
    authenticators = apps.get_model("mfa", "Authenticator").objects.filter(type__in=("totp", "recovery_codes"))
    for authenticator in authenticators.iterator():
        held = {name: how(authenticator.data[name]) for name in SECRETS if name in authenticator.data}
        authenticator.data |= held
        authenticator.save(update_fields=["data"])


def seal_all(apps, schema_editor):
    change(apps, lambda text: text if text.startswith(MARK) else seal(text))


def open_all(apps, schema_editor):
    change(apps, open_sealed)


class Migration(migrations.Migration):
    """Seal the secrets of second factors that were set up before they were sealed."""

    dependencies = [("accounts", "0002_people"), ("mfa", "0003_authenticator_type_uniq")]
    operations = [migrations.RunPython(seal_all, open_all)]
