"""Hardware addresses."""

import copy
import pickle

import pytest

from getifs import MacAddr

ETHERNET = bytes.fromhex("02005e100001")
TEXTS = {
    "02:00:5e:10:00:01": ETHERNET,
    "02:00:5E:10:00:01": ETHERNET,
    "02-00-5e-10-00-01": ETHERNET,
    "0200.5e10.0001": ETHERNET,
    "02:00:5e:ff:fe:10:00:01": bytes.fromhex("02005efffe100001"),
    "02-00-5E-FF-FE-10-00-01": bytes.fromhex("02005efffe100001"),
    "0200.5eff.fe10.0001": bytes.fromhex("02005efffe100001"),
    ":".join(["80"] * 20): b"\x80" * 20,
    "0a:0b": b"\x0a\x0b",
    "0a": b"\x0a",
}


@pytest.mark.parametrize(("text", "expected"), TEXTS.items())
def test_made_from_the_three_usual_notations(text: str, expected: bytes) -> None:
    assert bytes(MacAddr(text)) == expected


@pytest.mark.parametrize("size", [1, 4, 6, 8, 16, 20, 32])
def test_made_from_bytes_of_any_length(size: int) -> None:
    value = bytes(range(200, 200 + size))
    for given in (value, bytearray(value), memoryview(value), MacAddr(value)):
        made = MacAddr(given)
        assert type(made) is MacAddr
        assert made == value
        assert len(made) == size
        assert MacAddr(str(made)) == made


def test_prints_as_ip_does() -> None:
    assert str(MacAddr(ETHERNET)) == "02:00:5e:10:00:01"
    assert f"{MacAddr(ETHERNET)}" == "02:00:5e:10:00:01"
    assert repr(MacAddr("0200.5E10.0001")) == "MacAddr('02:00:5e:10:00:01')"
    assert str(MacAddr(b"\0" * 20)) == ":".join(["00"] * 20)


@pytest.mark.parametrize(
    "text",
    [
        "",
        ":",
        "02:00:5e:10:00:",
        ":02:00:5e:10:00:01",
        "02:00:5e:10:00:0",
        "02:00:5e:10:00:0g",
        "02:00:5e:10:00:+1",
        "02:00:5e:10:00: 1",
        "02:00:5e:10:00:01 ",
        " 02:00:5e:10:00:01",
        "02:00:5e:10:00:01\n",
        "02:00:5e:10:00:01\0",
        "02:00:5e:10:00:٠١",
        "02:00:5e-10-00-01",
        "02:00:5e10:0001",
        "0200.5e10.00:01",
        "0200.5e10.001",
        "0200.5e10.00011",
        "2:0:5e:10:0:1",
        "002:000:05e",
        "02005e100001",
        "0x02",
    ],
)
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"hardware address|value"):
        MacAddr(text)


@pytest.mark.parametrize("value", [b"", bytearray(), memoryview(b"")])
def test_no_bytes_are_refused(value: bytes) -> None:
    with pytest.raises(ValueError, match="value"):
        MacAddr(value)


@pytest.mark.parametrize("value", [6, 0, None, 1.5, [2, 0, 94], (2,), object(), True])
def test_other_kinds_are_refused(value: object) -> None:
    with pytest.raises(TypeError, match=f"value .*{type(value).__name__}"):
        MacAddr(value)  # type: ignore[arg-type]


def test_equal_and_hashed_as_its_bytes() -> None:
    address = MacAddr(ETHERNET)
    assert address == MacAddr("02-00-5e-10-00-01") == ETHERNET
    assert address != MacAddr("02:00:5e:10:00:02")
    assert hash(address) == hash(ETHERNET)
    assert sorted([MacAddr("02:01"), MacAddr("02:00"), MacAddr("01:ff")]) == [b"\1\xff", b"\2\0", b"\2\1"]


def test_immutable() -> None:
    address = MacAddr(ETHERNET)
    with pytest.raises(AttributeError):
        address.note = "mine"  # type: ignore[attr-defined]
    with pytest.raises(TypeError):
        address[0] = 1  # type: ignore[index]
    assert not hasattr(address, "__dict__")


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_pickled(protocol: int) -> None:
    again = pickle.loads(pickle.dumps(MacAddr(ETHERNET), protocol))
    assert type(again) is MacAddr
    assert again == ETHERNET


def test_copied() -> None:
    for again in (copy.copy(MacAddr(ETHERNET)), copy.deepcopy(MacAddr(ETHERNET))):
        assert type(again) is MacAddr
        assert again == ETHERNET
