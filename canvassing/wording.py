"""The wording guard: finds restrictive words and fraud signs in what an employer said."""

import re
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from accounts.keep import kept
from canvassing.models import Vacancy, WordingRule


@dataclass(frozen=True)
class Finding:
    words: str
    start: int
    rule: WordingRule

    @property
    def is_fraud_sign(self) -> bool:
        return self.rule.kind == WordingRule.Kind.FRAUD


@kept(seconds=60)
def rules() -> list[tuple[re.Pattern[str], WordingRule]]:
    return [(re.compile(rule.pattern, re.IGNORECASE), rule) for rule in WordingRule.objects.in_use()]


def find(text: str) -> list[Finding]:
    """Every caught word in reading order; overlapping catches keep the longer one."""
    caught = [
        Finding(m[0], m.start(), rule) for pattern, rule in rules() for m in pattern.finditer(text) if m[0].strip()
    ]
    kept_findings: list[Finding] = []
    for finding in sorted(caught, key=lambda each: (each.start, -len(each.words))):
        if not kept_findings or finding.start >= kept_findings[-1].start + len(kept_findings[-1].words):
            kept_findings.append(finding)
    return kept_findings


def marked(text: str) -> SafeString:
    """The text as HTML with each caught word in <mark>."""
    parts, at = [], 0
    for finding in find(text):
        end = finding.start + len(finding.words)
        parts += [escape(text[at : finding.start]), "<mark>", escape(finding.words), "</mark>"]
        at = end
    return mark_safe("".join([*parts, escape(text[at:])]))  # noqa: S308 - every part above is escaped


def warnings(vacancy: Vacancy) -> list[Finding]:
    """What a reviewer must look at: in the employer's words and in what the public would read."""
    return find("\n".join([vacancy.title, vacancy.employer_words, vacancy.description, vacancy.requirements]))
