"""The SDK's standard target tests on the executable TARGET with the settings in CONFIG, the one that the SDK leaves out included."""

import json
import os
from pathlib import Path

from executables import target_class
from singer_sdk.testing import get_target_test_class
from singer_sdk.testing.suites import SingerTestSuite
from singer_sdk.testing.target_tests import TargetMultipleStateMessages


class StatesInOrder(TargetMultipleStateMessages):
    """The SDK's file of five states. Its own expectation names three of them, which is how often its targets happened to write then; a
    target that sees everybody before its first write settles all records at once, and the last state stands for those before it.
    What must hold: only states that were read, in their order, and at the end the last one."""

    def test(self) -> None:
        self.runner.sync_all()
        printed = self.runner.state_messages
        places = [READ.index(state) for state in printed]
        assert places == sorted(set(places)), f"printed {printed}"
        assert printed[-1] == READ[-1], f"printed {printed}"


READ = [
    {"test_multiple_state_messages_a": a, "test_multiple_state_messages_b": b} for a, b in ((1, 0), (2, 1), (3, 2), (5, 3), (5, 6))
]

TestTarget = get_target_test_class(
    target_class(os.environ["TARGET"]),
    config=json.loads(Path(os.environ["CONFIG"]).read_text()),
    custom_suites=[SingerTestSuite(kind="target", tests=[StatesInOrder])],
)
