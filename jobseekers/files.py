"""Files that people give: recognised by their content, made harmless, in a process of their own.

The child has little memory and time, so that a picture made to explode takes nothing down with it. It reads the file
from standard input and writes what may be kept to standard output: pictures are drawn anew without their metadata
(where a photo was taken, too), PDFs are kept as they are when they hold nothing that acts by itself.
"""

import io
import re
import subprocess
import sys
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MAX_BYTES = 5 * 1024 * 1024
MAX_PIXELS = 25_000_000
PHOTO_SIZE = (900, 1200)  # pixels, 3 x 4
SECONDS, MEMORY = 20, 1024 * 1024 * 1024  # of the child
MAGIC = {"application/pdf": b"%PDF-", "image/jpeg": b"\xff\xd8\xff", "image/png": b"\x89PNG\r\n\x1a\n"}
ACTIVE_PDF = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFile|Encrypt|RichMedia|XFA)\b")


@dataclass(frozen=True)
class SafeFile:
    content: bytes
    media_type: str  # "application/pdf" or "image/jpeg"


def media_type_of(content: bytes) -> str:
    """What the first bytes say, "" for anything we do not take. The name and the browser's word do not count."""
    return next((kind for kind, start in MAGIC.items() if content.startswith(start)), "")


def made_safe(content: bytes, *, pictures_only: bool = False) -> SafeFile:
    """What may be kept of an upload. Raises ValidationError in the words of a form."""
    if len(content) > MAX_BYTES:
        raise ValidationError(_("Berkas paling besar 5 MB. Perkecil dulu, lalu unggah lagi."), code="size")
    kind = media_type_of(content)
    if not kind or (pictures_only and kind == "application/pdf"):
        wanted = _("Unggah foto JPEG atau PNG.") if pictures_only else _("Unggah berkas PDF, JPEG, atau PNG.")
        raise ValidationError(wanted, code="type")
    if kind == "application/pdf":
        if ACTIVE_PDF.search(content):
            raise ValidationError(
                _("PDF ini berisi sandi, program, atau lampiran. Simpan ulang sebagai PDF biasa, lalu unggah lagi."),
                code="active",
            )
        return SafeFile(content, kind)
    command = [sys.executable, "-m", "jobseekers.files"]
    try:
        drawn = subprocess.run(command, input=content, capture_output=True, timeout=SECONDS, check=True)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise ValidationError(_("Gambar ini tidak bisa dibaca. Coba foto lain."), code="picture") from error
    return SafeFile(drawn.stdout, "image/jpeg")


def draw_anew() -> None:
    """The child: a JPEG or PNG from standard input, upright and at most 3 x 4 at 300 dpi, as a plain JPEG."""
    import resource  # noqa: PLC0415, a Unix module that only the child needs

    from PIL import Image, ImageOps  # noqa: PLC0415, so that the web process never loads a decoder

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    with Image.open(io.BytesIO(sys.stdin.buffer.read()), formats=["JPEG", "PNG"]) as picture:
        if picture.width * picture.height > MAX_PIXELS:
            raise SystemExit("too many pixels")
        upright = ImageOps.exif_transpose(picture).convert("RGB")
    upright.thumbnail((PHOTO_SIZE[0] * 2, PHOTO_SIZE[1] * 2))
    upright.save(sys.stdout.buffer, "JPEG", quality=88)


if __name__ == "__main__":
    draw_anew()
