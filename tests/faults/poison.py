"""Loaded by the workers of the fault programmes: three addresses that harm the process that writes to them."""

import os
import signal
import time

from announcements.channels.email import EmailSender

KILLS, RAISES, HANGS = "mati@contoh.test", "gagal@contoh.test", "macet@contoh.test"
POISON = (KILLS, RAISES, HANGS)

compose = EmailSender.compose


def poisoned(self, delivery, permit):
    if delivery.address == KILLS:  # as the kernel does when memory is short
        os.kill(os.getpid(), signal.SIGKILL)
    if delivery.address == RAISES:
        raise ValueError("poison")
    if delivery.address == HANGS:
        time.sleep(3600)
    return compose(self, delivery, permit)


EmailSender.compose = poisoned
