import pytest

from earmark.network import is_ip, is_public, resolve

PRIVATE = [
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "::1", "::", "fe80::1", "fc00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1",
    "224.0.0.1", "ff02::1", "255.255.255.255", "fe80::1%eth0",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_what_is_not_the_internet(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:4700:4700::1111", "::ffff:8.8.8.8"])
def test_what_is_the_internet(address):
    assert is_public(address)


def test_an_address_is_told_from_a_name():
    assert all(map(is_ip, ("127.0.0.1", "::1", "[::1]")))
    assert not any(map(is_ip, ("localhost", "1.2.3", "a.b.c.d", "")))


def test_a_name_leads_somewhere_or_is_an_error_of_the_network():
    assert set(resolve("localhost", 80)) <= {"127.0.0.1", "::1"}
    with pytest.raises(OSError, match="not known|resolution|getaddrinfo"):
        resolve("no.such.host.invalid")
    with pytest.raises(OSError, match="no name of a host"):
        resolve("x" * 70)
