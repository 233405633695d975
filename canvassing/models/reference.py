"""Classifications the office does not invent. Their official codes are the primary keys."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

models.CharField.register_lookup(Length)


class Region(models.Model):
    """A place by its Kemendagri code: province `18`, city or regency `18.72`, kecamatan `18.72.01`, kelurahan
    `18.72.01.1001`. A code contains the codes of everything above it. `99` stands for abroad."""

    ABROAD = "99"

    code = models.CharField(_("kode"), max_length=13, primary_key=True)
    name = models.CharField(_("nama"), max_length=80)

    class Meta:
        ordering = ["code"]
        verbose_name = _("wilayah")
        verbose_name_plural = pgettext_lazy("jamak", "wilayah")
        constraints = [
            models.CheckConstraint(
                condition=Q(code__regex=r"^\d\d(\.\d\d(\.\d\d(\.\d{4})?)?)?$"),
                name="region_code_form",
                violation_error_message=_("Kode wilayah berbentuk 18, 18.72, 18.72.01 atau 18.72.01.1001."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class ClassificationQuerySet(models.QuerySet):
    def groups(self) -> Self:
        """The broadest level, which lists filter by."""
        return self.filter(code__length=1)


class Occupation(models.Model):
    """KBJI 2014 (follows ISCO-08): golongan pokok has one digit, each level below adds one."""

    code = models.CharField(_("kode KBJI"), max_length=7, primary_key=True)
    title = models.CharField(_("nama"), max_length=200)
    title_en = models.CharField(_("nama Inggris"), max_length=200, blank=True)
    objects = ClassificationQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("jabatan (KBJI)")
        verbose_name_plural = pgettext_lazy("jamak", "jabatan (KBJI)")

    def __str__(self) -> str:
        return self.title_en if self.title_en and get_language() == "en" else self.title


class Industry(models.Model):
    """KBLI 2020 (follows ISIC Rev. 4): a section is one letter, levels below are digits."""

    code = models.CharField(_("kode KBLI"), max_length=5, primary_key=True)
    title = models.CharField(_("nama"), max_length=200)
    title_en = models.CharField(_("nama Inggris"), max_length=200, blank=True)
    objects = ClassificationQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("lapangan usaha (KBLI)")
        verbose_name_plural = pgettext_lazy("jamak", "lapangan usaha (KBLI)")

    def __str__(self) -> str:
        return self.title_en if self.title_en and get_language() == "en" else self.title


class EducationLevel(models.Model):
    """Levels in rising order, so that `education_id <= mine` means "I may apply". 0 is "no schooling asked"."""

    rank = models.PositiveSmallIntegerField(_("urutan"), primary_key=True)
    code = models.CharField(_("kode"), max_length=5, unique=True)
    name = models.CharField(_("nama"), max_length=60)
    name_en = models.CharField(_("nama Inggris"), max_length=60)

    class Meta:
        ordering = ["rank"]
        verbose_name = _("tingkat pendidikan")
        verbose_name_plural = pgettext_lazy("jamak", "tingkat pendidikan")

    def __str__(self) -> str:
        return self.name_en if get_language() == "en" else self.name
