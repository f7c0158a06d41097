"""The SDK's standard target tests on the executable TARGET with the settings in CONFIG, the one that the SDK leaves out included."""

import json
import os
from pathlib import Path

from executables import target_class
from singer_sdk.testing import get_target_test_class
from singer_sdk.testing.suites import SingerTestSuite
from singer_sdk.testing.target_tests import TargetMultipleStateMessages


class StatesAsText(TargetMultipleStateMessages):
    """The SDK's own expectation, word for word. Its runner parses the lines and its test compares them as text, so that no target could
    pass (it is not among the SDK's active tests): here both are text."""

    def test(self) -> None:
        self.runner._clean_sync_output = str.splitlines
        super().test()


TestTarget = get_target_test_class(
    target_class(os.environ["TARGET"]),
    config=json.loads(Path(os.environ["CONFIG"]).read_text()),
    custom_suites=[SingerTestSuite(kind="target", tests=[StatesAsText])],
)
