"""Who is slowed down by wrong passwords, and which passwords are refused."""

import pytest

from inventory.people.passwords import Hashing, weakness
from inventory.people.throttle import LONGEST_S, Rate, Throttle


def test_a_hundred_wrong_tries_slow_one_address_and_lock_nobody_out():
    throttle = Throttle()
    now_s, let = 0.0, 0
    for _ in range(100):
        let += throttle.begin("lan", "192.0.2.7", now_s) == 0.0
        now_s += 1.0
    assert let < 15
    assert 0 < throttle.begin("lan", "192.0.2.7", now_s) <= LONGEST_S
    assert throttle.begin("lan", "192.0.2.8", now_s) == 0.0
    assert throttle.begin("ha", "192.0.2.7", now_s) == 0.0


def test_the_right_password_ends_the_waiting():
    throttle = Throttle()
    for _ in range(5):
        assert throttle.begin("lan", "2001:db8::1", 0.0) == 0.0
    assert throttle.begin("lan", "2001:db8::2", 0.0) > 0.0
    throttle.succeeded("lan", "2001:db8::1")
    assert throttle.begin("lan", "2001:db8::1", 0.0) == 0.0


def test_one_address_cannot_fill_the_log():
    rate = Rate(20)
    assert sum(rate.lets("192.0.2.7", 1.0) for _ in range(1000)) == 20
    assert rate.lets("192.0.2.8", 1.0)
    assert rate.lets("192.0.2.7", 61.5)


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "123456789012",
        "271182818284",
        "aaaaaaaaaaaaaaaa",
        "matkhau@2026!",
        "P@ssw0rd-2026",
        "Thuận Bắc 2026!!",
        "lan.nguyen.1985",
        "qwertyuiop[]12",
        "x" * 129,
    ],
)
def test_what_is_guessed_soon_is_refused(password):
    assert weakness(password, 12, ("Xã Thuận Bắc", "Thuận Bắc", "lan.nguyen")) is not None


@pytest.mark.parametrize(
    "password",
    ["ghế đá, mưa rào, 7 con vịt", "correct horse battery staple", "बारिश में नाव चलती है"],
)
def test_words_that_do_not_belong_together_are_taken(password):
    assert weakness(password, 12, ("Xã Thuận Bắc",)) is None


def test_a_password_fits_however_its_letters_are_composed_and_nobody_has_none():
    hashing = Hashing()
    stored = hashing.hash("vị trí việc làm")
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert hashing.fits(stored, "vi\u0323 tri\u0301 vie\u0323\u0302c la\u0300m")
    assert not hashing.fits(stored, "vi tri viec lam")
    assert not hashing.fits("", "nobody has this password")
