"""Brings the lists that the office edits into the database: only missing rows are added, a changed one stays."""

import json
from pathlib import Path
from typing import Any

from django.db import DEFAULT_DB_ALIAS

from jobseekers.models import DocumentKind, OutcomeReason, RemovalReason

FIXTURES = Path(__file__).parent / "fixtures"
FILES: dict[str, Any] = {
    "document_kinds": DocumentKind,
    "outcome_reasons": OutcomeReason,
    "removal_reasons": RemovalReason,
}


def load_reference_data(using: str = DEFAULT_DB_ALIAS, **kwargs: Any) -> None:
    for name, model in FILES.items():
        rows = json.loads((FIXTURES / f"{name}.json").read_text())
        model.objects.using(using).bulk_create([model(**row) for row in rows], ignore_conflicts=True)
