"""The SDK's standard tap tests on the executable TAP with the settings in CONFIG, every stream and field selected."""

import json
import os
from pathlib import Path

from executables import tap_class
from singer_sdk.testing import SuiteConfig, get_tap_test_class

TestTap = get_tap_test_class(
    tap_class(os.environ["TAP"], json.loads(os.environ.get("WITHOUT", "[]"))),
    config=json.loads(Path(os.environ["CONFIG"]).read_text()),
    suite_config=SuiteConfig(ignore_no_records_for_streams=json.loads(os.environ.get("EMPTY_STREAMS", "[]"))),
)
