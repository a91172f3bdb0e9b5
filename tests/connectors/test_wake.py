"""The bell that wakes an account's thread."""

import select
import sys
import threading

from connectors.wake import Bell


def can_be_waited_for(bell: Bell) -> bool:
    return bool(select.select([bell], [], [], 0)[0])


def test_a_ring_wakes_until_it_is_forgotten() -> None:
    """Once or twice is the same."""
    bell = Bell()
    bell.ring()
    bell.ring()
    assert bell.pending()
    assert can_be_waited_for(bell)
    bell.clear()
    assert not bell.pending()
    assert not can_be_waited_for(bell)
    bell.close()


def test_no_ring_is_half_forgotten() -> None:
    """Rung by one thread while another clears: what is pending can be waited for, each time of many."""
    rounds, bell = 5_000, Bell()
    together = threading.Barrier(2)

    def ring() -> None:
        for _ in range(rounds):
            together.wait()
            bell.ring()
            together.wait()

    ringing = threading.Thread(target=ring)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    deaf = 0
    try:
        ringing.start()
        for _ in range(rounds):
            together.wait()
            bell.clear()
            together.wait()
            deaf += bell.pending() and not can_be_waited_for(bell)
    finally:
        sys.setswitchinterval(interval)
        ringing.join()
        bell.close()
    assert deaf == 0
