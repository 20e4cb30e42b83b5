"""Results that recur: computed once, found again by subscription, forgotten all together when they become too many."""

from collections.abc import Callable
from typing import Final, TypeVar

MOST: Final = 4096  # bounds the memory that odd figures from outside can take

Argument = TypeVar("Argument")
Value = TypeVar("Value")


class Remembered(dict[Argument, Value]):
    """`Remembered(f)[x]` is f(x). A dictionary, because that is the fastest way to a known result."""

    def __init__(self, compute: Callable[[Argument], Value]) -> None:
        super().__init__()
        self.compute = compute

    def __missing__(self, argument: Argument) -> Value:
        if len(self) >= MOST:
            self.clear()
        value = self[argument] = self.compute(argument)
        return value
