"""The SDK's standard target tests on the executable TARGET with the settings in CONFIG, the one that the SDK leaves out included."""

import json
import os
from pathlib import Path

from executables import target_class
from singer_sdk.testing import get_target_test_class
from singer_sdk.testing.suites import SingerTestSuite
from singer_sdk.testing.target_tests import TargetMultipleStateMessages


class EveryState(TargetMultipleStateMessages):
    """The SDK's file and expectation. Its runner has parsed the states, so they are spelled again before they are compared;
    and a target may say more often how far it is, as long as the expected states come, in order, and the last is the last."""

    def test(self) -> None:
        self.runner.sync_all()
        printed = [json.dumps(state) for state in self.runner.state_messages]
        self.runner.state_messages = [state for state in printed if state in EXPECTED]
        assert self.runner.state_messages == EXPECTED, f"printed {printed}"
        assert printed[-1] == EXPECTED[-1]


EXPECTED = [
    json.dumps({"test_multiple_state_messages_a": a, "test_multiple_state_messages_b": b}) for a, b in ((1, 0), (3, 2), (5, 6))
]

TestTarget = get_target_test_class(
    target_class(os.environ["TARGET"]),
    config=json.loads(Path(os.environ["CONFIG"]).read_text()),
    custom_suites=[SingerTestSuite(kind="target", tests=[EveryState])],
)
