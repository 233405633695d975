"""Sends what is due: the loop that workers and `manage.py dispatch` run."""

import logging
import random
import time
from collections.abc import Callable

from announcements import ledger
from announcements.channels import CHANNELS, Outcome, Sender
from announcements.models import Delivery
from announcements.models.deliveries import Reason

# Short, so that a worker that is asked to stop has soon ended in order; the rest of the work is hinted again.
RUN_SECONDS = 10
PAUSE_SECONDS = 0.1  # when the rate allows nothing more at the moment

log = logging.getLogger("kanvas.announcements")


def send_due(
    *,
    least_priority: int = Delivery.Priority.BULK,
    seconds: float = RUN_SECONDS,
    on_full_batch: Callable[[], object] = lambda: None,
    stopping: Callable[[], bool] = lambda: False,
) -> bool:
    """Send until nothing is due, `seconds` have passed or `stopping`. True when more is due.

    `on_full_batch` is called once, when there is so much that a second process would help.
    """
    deadline = time.monotonic() + seconds
    more = False
    # In any order: a channel with much to send must not keep the others waiting for good.
    for key, channel in random.sample(list(CHANNELS.items()), len(CHANNELS)):
        if sender := channel.sender():
            with sender:
                run = Run(key, sender, least_priority, lambda: stopping() or time.monotonic() > deadline)
                more |= run.until_done(on_full_batch)
    return more


class Run:
    """One process sending on one channel for a while."""

    def __init__(self, channel: str, sender: Sender, least_priority: int, over: Callable[[], bool]) -> None:
        self.channel, self.sender, self.least_priority, self.over = channel, sender, least_priority, over

    def until_done(self, on_full_batch: Callable[[], object]) -> bool:
        """True when more is due."""
        called = False
        while not self.over():
            batch = ledger.claim(self.channel, least_priority=self.least_priority)
            if len(batch) == ledger.BATCH and not called:
                called = True
                on_full_batch()
            if batch:
                self.send_all(batch)
            elif ledger.more_due(self.channel, least_priority=self.least_priority):
                time.sleep(PAUSE_SECONDS)
            else:
                return False
        return ledger.more_due(self.channel, least_priority=self.least_priority)

    def send_all(self, batch: list[Delivery]) -> None:
        """Send a batch; give the rest back when the server cannot be reached or time is up."""
        for number, delivery in enumerate(batch):
            if self.over() or self.send(delivery) == Reason.UNREACHABLE:
                ledger.give_back(batch[number:])
                return

    def send(self, delivery: Delivery) -> Reason | None:
        """How the try ended; None when the delivery must not go."""
        begun = ledger.begin(delivery)
        if begun is None:
            return None
        try:
            message = self.sender.compose(delivery, begun)
        except Exception:
            log.exception("delivery %s could not be composed", delivery.pk)
            outcome = Outcome(Reason.OWN_ERROR)
        else:
            outcome = self.sender.send(delivery, message)
        if not ledger.finish(delivery, outcome, begun):
            log.warning("result of delivery %s came too late: %s", delivery.pk, outcome.reason)
        return outcome.reason
