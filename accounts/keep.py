"""Keep small answers that hardly ever change in the process, so that every page need not ask the database."""

import time
from collections.abc import Callable
from typing import ClassVar, Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """A function without arguments whose answer is kept for `seconds`; `forget()` makes it ask again."""

    known: ClassVar[list["Kept"]] = []

    def __init__(self, ask: Callable[[], T], seconds: float) -> None:
        self.ask, self.seconds = ask, seconds
        self.answer: tuple[T, float] | None = None  # and until when it holds
        self.known.append(self)

    def __call__(self) -> T:
        answer = self.answer
        if answer is None or time.monotonic() >= answer[1]:
            self.answer = answer = (self.ask(), time.monotonic() + self.seconds)
        return answer[0]

    def forget(self) -> None:
        self.answer = None


def kept(seconds: float) -> Callable[[Callable[[], T]], Kept[T]]:
    return lambda ask: Kept(ask, seconds)


def forget_everything() -> None:
    for each in Kept.known:
        each.forget()
