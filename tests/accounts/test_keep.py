import time

import pytest

from accounts.keep import forget_everything, kept


@pytest.fixture
def count():
    """Counts how often it was asked, and remembers each answer for a minute."""
    asked = iter(range(1, 100))
    return kept(seconds=60)(lambda: next(asked))


def test_answer_is_kept(count):
    assert [count(), count(), count()] == [1, 1, 1]


def test_answer_is_asked_for_again_when_its_time_is_over(count):
    count.seconds = 0.01
    first = count()
    time.sleep(0.02)
    assert [first, count()] == [1, 2]


def test_forget_asks_again(count):
    count()
    count.forget()
    assert count() == 2


def test_forget_everything_asks_again(count):
    count()
    forget_everything()
    assert count() == 2


def test_failure_is_not_kept():
    answers = iter([ZeroDivisionError, 7])

    @kept(seconds=60)
    def ask():
        answer = next(answers)
        if answer is ZeroDivisionError:
            raise answer
        return answer

    with pytest.raises(ZeroDivisionError):
        ask()
    assert ask() == 7


def test_nothing_is_an_answer_too():
    asked = []

    @kept(seconds=60)
    def ask():
        asked.append(1)

    assert [ask(), ask()] == [None, None]
    assert asked == [1]
