"""The man page, and completion in bash, zsh and fish: generated, valid, and of use."""

import subprocess
import sys
from pathlib import Path

import pytest
from netns import Namespace

from getifs._cli.commands import ALIASES, COMMANDS, FLAGS

ROOT = Path(__file__).parents[2]
SHARE = ROOT / "share"
BASH = SHARE / "bash-completion/completions/getifs"
ZSH = SHARE / "zsh/site-functions/_getifs"
FISH = SHARE / "fish/vendor_completions.d/getifs.fish"
MAN = SHARE / "man/man1/getifs.1"
# Calls the function that `complete -p` names as bash does, with the words that are typed so far.
COMPLETE = """
source "$0"
read -r -a declared <<< "$(complete -p getifs)"
[ "${declared[-1]}" = getifs ] || exit 1
while [ "${declared[0]}" != -F ]; do declared=("${declared[@]:1}"); done
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMP_POINT=${#COMP_LINE}
"${declared[1]}" getifs "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
printf '%s\\n' "${COMPREPLY[@]}"
"""


def run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def in_bash(*words: str) -> set[str]:
    return set(run("bash", "-c", COMPLETE, str(BASH), "getifs", *words).split())


def interfaces() -> set[str]:
    return {path.name for path in Path("/sys/class/net").iterdir()}


def test_files_are_those_of_the_declarations() -> None:
    assert run(sys.executable, str(ROOT / "scripts/shell_files.py"), "--check") == ""


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("ro",), {"route", "routes"}),
        (("routes", "--ta"), {"--table"}),
        (("links", "--ta"), set()),
        (("-j", "nei"), {"neigh", "neighbour", "neighbours"}),
        (("routes", "--color", ""), {"auto", "always", "never"}),
        (("addrs", "--family", ""), {"4", "6"}),
        (("watch", "r"), {"routes", "rules"}),
    ],
)
def test_bash(words: tuple[str, ...], found: set[str]) -> None:
    assert in_bash(*words) == found


def test_bash_knows_all_commands() -> None:
    assert in_bash("") >= {*COMMANDS, *ALIASES}


@pytest.mark.parametrize("words", [("links", "--interface", ""), ("index", "")])
def test_bash_knows_interfaces(words: tuple[str, ...]) -> None:
    assert in_bash(*words) == interfaces()


def test_fish() -> None:
    run("fish", "--no-execute", str(FISH))

    def complete(line: str) -> set[str]:
        shown = run("fish", "--no-config", "-c", f"source {FISH}; complete -C '{line}'")
        return {one.partition("\t")[0] for one in shown.splitlines()}

    assert complete("getifs ro") == {"route", "routes"}
    assert complete("getifs routes --ta") == {"--table"}
    assert "--table" not in complete("getifs links --ta")  # fish 4 shows others that have these letters
    assert complete("getifs links --interface ") == interfaces()


def test_zsh() -> None:
    run("zsh", "-n", str(ZSH))
    assert ZSH.read_text().startswith("#compdef getifs\n")
    loaded = f"fpath=({ZSH.parent} $fpath); autoload -Uz compinit; compinit -u -D; print $_comps[getifs]"
    assert run("zsh", "-f", "-c", loaded) == "_getifs\n"


def test_man_page() -> None:
    assert run("mandoc", "-Tlint", "-Wall", str(MAN)) == ""
    text = strip(run("mandoc", "-Tascii", "-Owidth=200", str(MAN)))
    for word in (*COMMANDS, *FLAGS, "NO_COLOR", "EXIT STATUS", "141"):
        assert word in text, word


def strip(text: str) -> str:
    """Without the overstriking of bold characters."""
    shown: list[str] = []
    for character in text:
        if character == "\b":
            shown.pop()
        else:
            shown.append(character)
    return "".join(shown)


@pytest.mark.usefixtures("net")
def test_examples_of_the_help_work(net: Namespace) -> None:
    """Each one parses, and is answered where there is a link `eth0` with these addresses."""
    net.ip("""
        link add eth0 type veth peer name v1
        link set eth0 up
        addr add 192.0.2.2/24 dev eth0
        addr add 2001:db8::2/64 dev eth0 nodad
        route add default via 192.0.2.1
        route add default via 2001:db8::1
    """)
    net.settle()
    for name, command in COMMANDS.items():
        for line, _ in command.examples:
            if name != "watch":
                run("sh", "-c", f'exec "$0" -m getifs {line}', sys.executable)
