"""The rules of the house that a reader cannot see in one file: who imports whom, who is let in, what is left over."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.exceptions import NodeNotFoundError
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.template import TemplateDoesNotExist, engines

from tests.authz.test_matrix import patterns

ROOT = settings.BASE_DIR
# Each may import those before it.
APPS = ("accounts", "canvassing", "jobseekers", "training", "announcements", "performance", "config")

REVIEWED_FOR_MARKUP = {
    "canvassing/posting.py",
    "canvassing/wording.py",
    "config/templatetags/ui.py",
    "config/templatetags/vacancy_list.py",
}
TALKS_TO_THE_BROKER = {"announcements/hints.py"}

FOR_EVERYBODY = {
    "home",
    "vacancy_list",
    "vacancy_detail",
    "vacancy_report",
    "alert_start",
    "alert_sent",
    "alert_confirm",
    "alert_manage",
    "alert_stop",
    "push_worker",
    "device_start",
    "device_manage",
    "device_stop",
    "check",
    "card_report_link",
    "employer_answer",
    "follow_up_link",
    "training_list",
    "cohort_public",
    "cohort_calendar",
    "certificate_check",
    "outcome_link",
    "offer_link",
    "letter_receipt",
    "news_list",
    "news_detail",
    "callback",
    "short_link",
    "help",
    "privacy",
    "language",
    "healthz",
    "readyz",
    "account_login",
    "account_logout",
    "account_inactive",
    "account_signup",
    "account_email_verification_sent",
    "account_request_login_code",
    "account_confirm_login_code",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "mfa_authenticate",
    "admin:login",
    "demo_mail_list",
    "demo_mail_detail",
    "demo_mail_html",
}


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of the product by its path, "canvassing/models/visits.py"; without migrations."""
    paths = [path for app in APPS for path in sorted((ROOT / app).rglob("*.py")) if "migrations" not in path.parts]
    return {str(path.relative_to(ROOT)): ast.parse(path.read_text(), str(path)) for path in paths}


@cache
def templates() -> dict[str, str]:
    """The text of every template of the product by the name it is asked for, "canvassing/home.html"."""
    folders = [folder for app in APPS if (folder := ROOT / app / "templates").is_dir()]
    return {str(path.relative_to(folder)): path.read_text() for folder in folders for path in folder.rglob("*.*")}


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def calls(tree: ast.AST) -> Iterator[str]:
    """The last part of what is called: "save" for `form.save()`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield getattr(node.func, "attr", "") or getattr(node.func, "id", "")


def modules_that_call(*names: str) -> set[str]:
    return {path for path, tree in modules().items() if not set(names).isdisjoint(calls(tree))}


# --- Modules ------------------------------------------------------------------------------------


def test_every_app_has_its_place_in_the_order():
    ours = {config.name for config in apps.get_app_configs() if Path(config.path).parent == ROOT}
    assert ours <= set(APPS)


@pytest.mark.parametrize("app", APPS)
def test_apps_import_only_those_before_them(app):
    later = set(APPS[APPS.index(app) + 1 :]) | {"tests"}
    upwards = [
        f"{path} imports {name}"
        for path, tree in modules().items()
        if path.startswith(f"{app}/")
        for name in imported(tree)
        if name.partition(".")[0] in later
    ]
    assert upwards == []


def test_nothing_is_called_by_what_it_is_not():
    shapeless = {"common", "utils", "util", "core", "helpers", "misc"}
    assert [path for path in modules() if not shapeless.isdisjoint(Path(path).with_suffix("").parts)] == []


def test_imports_inside_functions_say_why():
    silent = []
    for path, tree in modules().items():
        lines = (ROOT / path).read_text().splitlines()
        functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
        inner = {node.lineno for function in functions for node in ast.walk(function) if is_import(node)}
        silent += [f"{path}:{number}" for number in sorted(inner) if "#" not in lines[number - 1]]
    assert silent == []


def is_import(node: ast.AST) -> bool:
    return isinstance(node, ast.Import | ast.ImportFrom)


def test_one_module_talks_to_the_broker():
    assert modules_that_call("delay", "delay_on_commit", "apply_async", "send_task") == TALKS_TO_THE_BROKER


def test_text_becomes_markup_only_in_reviewed_modules():
    assert modules_that_call("mark_safe", "SafeString", "SafeText") == REVIEWED_FOR_MARKUP


def test_forms_name_their_fields():
    """A column that is added later must not be open to whoever posts its name."""
    loose = []
    for path, tree in modules().items():
        nodes = list(ast.walk(tree))
        metas = [node for node in nodes if isinstance(node, ast.ClassDef) and node.name == "Meta"]
        lines = [line for meta in metas for line in meta.body if isinstance(line, ast.Assign)]
        given = [(target.id, line.value) for line in lines for target in line.targets if isinstance(target, ast.Name)]
        given += [(node.arg, node.value) for node in nodes if isinstance(node, ast.keyword) and node.arg == "fields"]
        loose += [f"{path}:{value.lineno}" for name, value in given if name == "exclude" or is_everything(value)]
    assert loose == []


def is_everything(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value == "__all__"


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.fixture
def as_before(db):
    """What a database has on record that was made before the first files of every app were written anew."""
    recorder = MigrationRecorder(connection)
    for app, name in MigrationLoader(connection).replacements:
        if app in APPS:
            recorder.record_unapplied(app, name)
    return recorder


def test_database_of_the_former_migrations_has_nothing_to_do(as_before):
    executor = MigrationExecutor(connection)
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []


def test_database_amid_the_former_migrations_is_refused(as_before):
    as_before.record_unapplied("jobseekers", "0011_wishes")
    with pytest.raises(NodeNotFoundError, match="some of the replaced migrations are already applied"):
        MigrationExecutor(connection)


def test_pages_for_everybody_are_these():
    """Everything else asks who is there first."""
    assert {key for key, _route, view in patterns() if not getattr(view, "login_required", True)} == FOR_EVERYBODY


# --- Templates ------------------------------------------------------------------------------------


def test_text_is_escaped_in_every_template():
    assert [name for name, text in templates().items() if re.search(r"\|\s*safe\b", text)] == []


def test_html_templates_never_switch_escaping_off():
    switched_off = [name for name, text in templates().items() if "autoescape off" in text]
    assert [name for name in switched_off if name.endswith(".html")] == []


def test_errors_of_a_form_stand_once_on_a_page() -> None:
    """What crispy draws begins with them."""
    drawn = re.compile(r"\{\{ form\|crispy|\{% crispy form %\}")
    twice = [name for name, text in templates().items() if "_error_summary" in text and drawn.search(text)]
    assert twice == []


def test_every_template_is_used():
    asked_for = "\n".join([*templates().values(), *((ROOT / path).read_text() for path in modules())])
    made_up = name_patterns()
    unused = [
        name
        for name in templates()
        if not (
            name in DJANGO_ASKS_FOR
            or re.search(rf"""["']{re.escape(name)}["']""", asked_for)
            or any(pattern.fullmatch(name) for pattern in made_up)
            or belongs_to_a_library(name)
        )
    ]
    assert unused == []


DJANGO_ASKS_FOR = {"400.html", "403.html", "404.html", "500.html"}


def name_patterns() -> list[re.Pattern[str]]:
    """Template names that the code puts together: f"jobseekers/email/{name}.txt"."""
    found = []
    for node in (node for tree in modules().values() for node in ast.walk(tree)):
        if isinstance(node, ast.JoinedStr):
            name = "".join(part.value if isinstance(part, ast.Constant) else "*" for part in node.values)  # type: ignore[misc]
            if re.fullmatch(r"[\w*]+(/[\w*]+)+\.(html|txt)", name):
                found.append(re.compile(re.escape(name).replace(r"\*", "[^/]+")))
    return found


def belongs_to_a_library(name: str) -> bool:
    """Whether an installed package has a template of this name, which ours stands in for."""
    folders = [Path(config.path) for config in apps.get_app_configs()]
    return any((folder / "templates" / name).is_file() for folder in folders if folder.parent != ROOT)


def test_every_template_can_be_loaded():
    broken = {}
    for name in templates():
        try:
            engines["django"].get_template(name)
        except TemplateDoesNotExist as error:
            broken[name] = str(error)
    assert broken == {}
