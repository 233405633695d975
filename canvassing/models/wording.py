import re
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _


def compiles(pattern: str) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValidationError(_("Pola tidak bisa dibaca: %(error)s") % {"error": error}) from error


class WordingRuleQuerySet(models.QuerySet["WordingRule"]):
    def in_use(self) -> Self:
        return self.filter(is_active=True)


class WordingRule(models.Model):
    """Words in a vacancy that restrict people without need or smell of fraud. Staff edit these; they warn, never block.

    Sources of the shipped rules: SE Menaker M/6/HK.04/V/2025, SE M/5/HK.04.00/V/2025, Permenaker 18/2024 art. 4 (4).
    """

    class Kind(models.TextChoices):
        RESTRICTION = "restriction", _("Membatasi orang")
        FRAUD = "fraud", _("Tanda penipuan")

    code = models.SlugField(_("kode"), primary_key=True)
    kind = models.CharField(_("jenis"), max_length=11, choices=Kind.choices, default=Kind.RESTRICTION)
    pattern = models.CharField(
        _("pola"), max_length=300, validators=[compiles], help_text=_("Ekspresi reguler, tanpa beda huruf besar.")
    )
    meaning = models.CharField(_("artinya"), max_length=120)
    meaning_en = models.CharField(_("artinya (Inggris)"), max_length=120, blank=True)
    basis = models.CharField(_("dasar aturan"), max_length=200)
    basis_en = models.CharField(_("dasar aturan (Inggris)"), max_length=200, blank=True)
    suggestion = models.CharField(_("saran kalimat"), max_length=200, blank=True)
    is_active = models.BooleanField(_("dipakai"), default=True)
    objects = WordingRuleQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "code"]
        verbose_name = _("aturan kata")
        verbose_name_plural = pgettext_lazy("jamak", "aturan kata")

    def __str__(self) -> str:
        return self.code

    @property
    def meaning_here(self) -> str:
        return self.meaning_en if self.meaning_en and get_language() == "en" else self.meaning

    @property
    def basis_here(self) -> str:
        return self.basis_en if self.basis_en and get_language() == "en" else self.basis
