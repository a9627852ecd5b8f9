"""Why tests of other projects do not apply to the shims, by suite and test, if they fail."""

_INTERNALS = "replaces functions inside psutil with mocks, and the shim does not call these"

NOT_APPLICABLE = {
    "psutil": {
        "test_system.TestNetAPIs::test_net_if_addrs_mac_null_bytes": _INTERNALS,
        "test_system.TestNetAPIs::test_net_if_stats_enodev": _INTERNALS,
        "test_system.TestNetAPIs::test_net_io_counters_no_nics": _INTERNALS,
        "test_misc.TestWrapNumbers::test_cache_clear_public_apis": "reads a cache inside psutil, which is empty",
    },
    "zeroconf": {
        "test_circular_imports": "imports zeroconf in new processes, where nothing is replaced; unstable on 3.11",
    },
}
