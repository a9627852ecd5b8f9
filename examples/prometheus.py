"""Prints the interfaces in the text format of Prometheus, for the textfile collector of its node exporter."""

import getifs

COUNTERS = ("rx_bytes", "tx_bytes", "rx_packets", "tx_packets", "rx_errors", "tx_errors", "rx_dropped", "tx_dropped")


def quoted(value: object) -> str:
    """The value of a label: a name can hold any character but `/`, `:` and white space."""
    text = str(value).encode(errors="surrogateescape").decode(errors="replace")
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def metrics() -> dict[str, list[tuple[str, object]]]:
    """The samples of each metric: its labels and its value."""
    found: dict[str, list[tuple[str, object]]] = {}
    for link in getifs.interfaces(stats=True):
        device = f"device={quoted(link.name)}"
        info = f"{device},kind={quoted(link.kind or '')},operstate={quoted(link.oper_state.name.lower())}"
        found.setdefault("getifs_interface_info gauge", []).append((info, 1))
        found.setdefault("getifs_interface_up gauge", []).append((device, int(getifs.filters.up(link))))
        found.setdefault("getifs_interface_mtu_bytes gauge", []).append((device, link.mtu))
        for name in COUNTERS if link.stats else ():
            value = getattr(link.stats, name)
            found.setdefault(f"getifs_interface_{name}_total counter", []).append((device, value))
    return found


def main() -> None:
    """Prints all metrics."""
    for metric, samples in metrics().items():
        print("# TYPE", metric)
        for labels, value in samples:
            print(f"{metric.partition(' ')[0]}{{{labels}}} {value}")


if __name__ == "__main__":
    main()
