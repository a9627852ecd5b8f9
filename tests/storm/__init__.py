"""A storm: random operations on a network, for tests of programs that follow changes."""

from .state import State as State
from .state import assert_follows as assert_follows
from .state import differences as differences
from .state import fresh as fresh
from .storm import Storm as Storm
