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
        if ledger.more_due(key, least_priority=least_priority) and (sender := channel.sender()):
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
        """Send a batch; give the rest back when the server cannot be reached or time is up.

        How one mail ended is committed with the beginning of the next, before that one leaves.
        """
        tried: ledger.Tried | None = None
        for number, delivery in enumerate(batch):
            if self.over() or (tried and tried.outcome.reason == Reason.UNREACHABLE):
                self.finish(tried)
                ledger.give_back(batch[number:])
                return
            begun = self.next(tried, delivery)
            tried = ledger.Tried(delivery, self.send(delivery, begun), begun) if begun else None
        self.finish(tried)

    def next(self, tried: ledger.Tried | None, delivery: Delivery) -> ledger.Begun | None:
        """None when the delivery must not go."""
        if tried is None:
            return ledger.begin(delivery)
        in_time, begun = ledger.finish_and_begin(tried, delivery)
        self.note(tried, in_time)
        return begun

    def finish(self, tried: ledger.Tried | None) -> None:
        if tried:
            self.note(tried, ledger.finish(*tried))

    def note(self, tried: ledger.Tried, in_time: bool) -> None:
        if not in_time:
            log.warning("result of delivery %s came too late: %s", tried.delivery.pk, tried.outcome.reason)

    def send(self, delivery: Delivery, begun: ledger.Begun) -> Outcome:
        try:
            message = self.sender.compose(delivery, begun)
        except Exception:
            log.exception("delivery %s could not be composed", delivery.pk)
            return Outcome(Reason.OWN_ERROR)
        return self.sender.send(delivery, message)
