import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('accounts', name) for name in (
        '0001_initial',
        '0002_people',
        '0003_seal_second_factors',
        '0004_head_of_office',
    )]

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='Office',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(default='Dinas Tenaga Kerja dan Transmigrasi Kota Metro', max_length=120, verbose_name='nama kantor')),
                ('short_name', models.CharField(default='Disnakertrans Kota Metro', max_length=60, verbose_name='nama singkat')),
                ('city_name', models.CharField(default='Metro', max_length=60, verbose_name='sebutan kota')),
                ('city_code', models.CharField(default='18.72', max_length=5, validators=[django.core.validators.RegexValidator('^\\d\\d\\.\\d\\d$', 'Kode kabupaten/kota, misalnya 18.72.')], verbose_name='kode wilayah')),
                ('address', models.CharField(default='Jalan Contoh No. 12, Imopuro, Metro Pusat', max_length=200, verbose_name='alamat')),
                ('opening_hours', models.CharField(default='Senin–Jumat 07.30–16.00 WIB', max_length=80, verbose_name='jam buka')),
                ('phone', models.CharField(default='(0725) 000-000', max_length=30, verbose_name='telepon')),
                ('whatsapp', models.CharField(blank=True, default='0812-0000-0110', max_length=30, verbose_name='WhatsApp')),
                ('email', models.EmailField(blank=True, default='disnaker@kanvas.test', max_length=254, verbose_name='e-mail')),
                ('author_may_publish', models.BooleanField(default=False, help_text='Hanya untuk kantor yang sangat kecil. Riwayat lowongan akan menyebutnya.', verbose_name='pencatat boleh menerbitkan sendiri')),
                ('head_name', models.CharField(blank=True, db_default='', default='', help_text='Di bawah laporan. Kosong: garis untuk ditulisi.', max_length=100, verbose_name='nama kepala kantor')),
                ('head_nip', models.CharField(blank=True, db_default='', default='', max_length=30, verbose_name='NIP kepala kantor')),
                ('head_title', models.CharField(db_default='Kepala Dinas', default='Kepala Dinas', max_length=100, verbose_name='jabatan kepala kantor')),
            ],
            options={
                'verbose_name': 'kantor',
                'verbose_name_plural': 'kantor',
                'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='office_one_row', violation_error_message='Kantor hanya satu.')],
            },
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('email', models.EmailField(error_messages={'unique': 'Alamat e-mail ini sudah dipakai.'}, max_length=254, unique=True, verbose_name='alamat e-mail')),
                ('name', models.CharField(blank=True, max_length=120, verbose_name='nama')),
                ('single_key_shortcuts', models.BooleanField(default=True, verbose_name='pintasan satu tombol')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'pengguna',
                'verbose_name_plural': 'pengguna',
                'constraints': [models.CheckConstraint(condition=models.Q(('email', django.db.models.functions.text.Lower('email'))), name='user_email_lower', violation_error_message='Tulis alamat e-mail dengan huruf kecil.')],
            },
        ),
        migrations.CreateModel(
            name='DataAccess',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(auto_now_add=True, verbose_name='kapan')),
                ('subject', models.UUIDField(verbose_name='data milik')),
                ('action', models.CharField(choices=[('view', 'melihat data'), ('search_nik', 'mencari dengan NIK'), ('reveal_nik', 'melihat NIK lengkap'), ('open_file', 'membuka berkas'), ('change', 'mengubah data'), ('print', 'mencetak'), ('share', 'mengirim ke pemberi kerja'), ('export', 'mengambil salinan data')], max_length=10, verbose_name='tindakan')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='alasan')),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='siapa')),
            ],
            options={
                'verbose_name': 'akses data pribadi',
                'verbose_name_plural': 'akses data pribadi',
                'ordering': ['-at', '-pk'],
                'indexes': [models.Index(fields=['subject', '-at'], name='data_access_of_person')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('action', 'reveal_nik'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='data_access_reveal_reasoned', violation_error_message='Tulis alasan membuka NIK.')],
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='75aaffe13e395a94c64dd13a0905648cf28f640d', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_fc4ea', table='accounts_dataaccess', when='BEFORE'))],
            },
        ),
    ]
