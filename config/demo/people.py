from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from accounts.models import Office, User, current_office
from accounts.roles import Role
from canvassing.models import SchoolJobCentre
from config.demo.calendar import Calendar

DOMAIN = "demo.test"
PASSWORD = "kanvas-demo"  # noqa: S105 - `make run` prints it

STAFF = {
    "petugas": ("Bagus Prasetyo", Role.CANVASSER),
    "petugas2": ("Dewi Anggraini", Role.CANVASSER),
    "penerbit": ("Rahmawati Sari", Role.PUBLISHER),
    "penerbit2": ("Yudha Permana", Role.PUBLISHER),
    "pelatih": ("Wayan Suarta", Role.TRAINER),
    "bkk": ("Nur Aini", Role.BKK_OFFICER),
    "manajer": ("Endah Kusuma", Role.MANAGER),
    "admin": ("Admin Kanvas", Role.ADMIN),
}

# name, registration number, days that the registration is still valid, kelurahan, officers
SCHOOLS = (
    ("SMK Bina Karya", "560/014/BKK/2024", 410, "18.72.03.1001", ("bkk",)),
    ("SMK Tunas Wawai", "560/021/BKK/2025", 620, "18.72.02.1001", ()),
    ("SMK Cahaya Rejomulyo", "560/006/BKK/2022", -45, "18.72.05.1001", ()),
)

People = dict[str, User]


def make_office() -> None:
    Office.objects.get_or_create(pk=1, defaults={"head_name": STAFF["manajer"][0], "data_officer": "Sekretaris Dinas"})
    current_office.forget()


def make_people() -> People:
    """Everybody who can sign in, by the part of the address before the @."""
    password = make_password(PASSWORD)  # slow on purpose, so once for all
    people = {"pencaker": _make("pencaker", "Rizki Ramadhan")}
    for key, (name, role) in STAFF.items():
        people[key] = _make(key, name, password=password, is_staff=role == Role.ADMIN)
        people[key].groups.add(Group.objects.get(name=role))
    return people


def _make(key: str, name: str, *, password: str = "", is_staff: bool = False) -> User:
    """`password` is a hash; without one only a code by e-mail lets the person in."""
    password = password or make_password(None)
    user = User.objects.create(email=f"{key}@{DOMAIN}", name=name, password=password, is_staff=is_staff)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def make_school_centres(people: People, calendar: Calendar) -> dict[str, SchoolJobCentre]:
    centres = {}
    for name, number, days, region, officers in SCHOOLS:
        centres[name] = SchoolJobCentre.objects.create(
            name=name,
            registration_number=number,
            valid_until=calendar.day(days),
            region_id=region,
        )
        centres[name].officers.set(people[key] for key in officers)
    return centres
