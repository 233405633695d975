"""Keep small answers that hardly ever change in the process, so that every page need not ask the database."""

import time
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """A function without arguments whose answer is kept for `seconds`; `forget()` makes it ask again."""

    known: list["Kept"] = []

    def __init__(self, ask: Callable[[], T], seconds: float) -> None:
        self.ask, self.seconds = ask, seconds
        self.known.append(self)
        self.forget()

    def __call__(self) -> T:
        now = time.monotonic()
        if now >= self.until:
            self.answer, self.until = self.ask(), now + self.seconds
        return self.answer

    def forget(self) -> None:
        self.until = -1.0


def kept(seconds: float) -> Callable[[Callable[[], T]], Kept[T]]:
    return lambda ask: Kept(ask, seconds)


def forget_everything() -> None:
    for answer in Kept.known:
        answer.forget()
