"""A tap written on the SDK, with invented people under other names than UKG's: what `target-together` reads besides its own tap."""

from singer_sdk import Stream, Tap
from singer_sdk import typing as th


class People(Stream):
    name = "people"
    primary_keys = ("person_id",)
    replication_key = "updated_at"
    schema = th.PropertiesList(
        th.Property("person_id", th.IntegerType, required=True),
        th.Property("given", th.StringType),
        th.Property("family", th.StringType),
        th.Property("contact", th.ObjectType(th.Property("work", th.StringType))),
        th.Property("boss", th.IntegerType),
        th.Property("state", th.StringType),
        th.Property("updated_at", th.DateTimeType),
    ).to_dict()

    def get_records(self, context):
        for number in range(1, self.config["people"] + 1):
            yield {
                "person_id": number,
                "given": f"Given{number}",
                "family": f"Family{number}",
                "contact": {"work": f"person{number}@example.com"},
                "boss": number // 2 or None,
                "state": "gone" if number % 10 == 0 else "working",
                "updated_at": "2026-01-02T03:04:05+00:00",
            }


class TapPeople(Tap):
    name = "tap-people"
    config_jsonschema = th.PropertiesList(th.Property("people", th.IntegerType, default=25)).to_dict()

    def discover_streams(self):
        return [People(self)]


if __name__ == "__main__":
    TapPeople.cli()
