"""Why tests of other projects do not pass with the shims in place, by suite and test.

`NOT_APPLICABLE`: the test replaces a part of the original, or its environment, that the shim does not have. `UNSTABLE`:
it can fail with the original too.
"""

_INTERNALS = "replaces functions inside psutil with mocks, and the shim does not call these"

NOT_APPLICABLE = {
    "psutil": {
        "test_system.TestNetAPIs::test_net_if_addrs_mac_null_bytes": _INTERNALS,
        "test_system.TestNetAPIs::test_net_if_stats_enodev": _INTERNALS,
        "test_system.TestNetAPIs::test_net_io_counters_no_nics": _INTERNALS,
        "test_misc.TestWrapNumbers::test_cache_clear_public_apis": "reads the cache inside psutil, which the shim does not fill",
    },
}
UNSTABLE = {
    "zeroconf": {
        "test_circular_imports::": "asyncio's thread that waits for a process can end after the test (Python 3.11)",
    },
}
