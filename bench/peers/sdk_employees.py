"""The same `employees` on singer-sdk: four web services joined in dictionaries, the fields of employees.json.

`tuned`: msgspec in place of json for pages and messages, no type conformance, and no flush for each record.
"""
import json
import os
import sys
from pathlib import Path

import msgspec
import requests
from singer_sdk import Stream, Tap
from singer_sdk import typing as th
from singer_sdk.contrib.msgspec import MsgSpecWriter
from singer_sdk.helpers._typing import TypeConformanceLevel

TUNED = os.environ.get("BENCH_TUNED") == "1"
NAMES = json.loads((Path(__file__).parent.parent / "employees.json").read_text())
DAYS = {"originalHireDate", "lastHireDate", "dateInJob", "dateOfSeniority", "dateOfTermination"}
PERSON = ("personId", "firstName", "middleName", "lastName", "preferredName", "emailAddress", "emailAddressAlternate")
COPIED = {"companyId": "companyID", "supervisorId": "supervisorID", **{
    name: name
    for name in NAMES
    if name not in PERSON and name not in DAYS and not name.startswith("workLocation") and not name.endswith("Description")
    and name not in {"employeeId", "companyId", "supervisorId", "primaryJobTitle", "departmentName", "dateTimeChanged"}
}, "jobDescription": "jobDescription", "departmentCode": "orgLevel2Code"}
PLACE = {
    "workLocationDescription": "description", "workLocationAddressLine1": "addressLine1", "workLocationAddressLine2": "addressLine2",
    "workLocationCity": "city", "workLocationState": "state", "workLocationZipOrPostalCode": "zipOrPostalCode",
    "workLocationCountryCode": "countryCode",
}


class Writer(MsgSpecWriter):
    """As MsgSpecWriter, without a flush for each record."""

    def write_message(self, message):
        sys.stdout.buffer.write(self.format_message(message))


class Employees(Stream):
    name = "employees"
    primary_keys = ("employeeId",)
    schema = th.PropertiesList(
        *[th.Property(name, th.DateType if name in DAYS else th.DateTimeType if name == "dateTimeChanged" else th.StringType) for name in NAMES]
    ).to_dict()
    if TUNED:
        TYPE_CONFORMANCE_LEVEL = TypeConformanceLevel.NONE

    def rows(self, session, path):
        url, params = self.config["base_url"] + path, {"page": 1, "per_Page": self.config["page_size"]}
        while url:
            response = session.get(url, params=params, timeout=300)
            response.raise_for_status()
            yield from msgspec.json.decode(response.content) if TUNED else response.json()
            url, params = response.links.get("next", {}).get("url"), None

    def get_records(self, context):
        session = requests.Session()
        session.auth = ("u", "p")
        session.headers["US-Customer-Api-Key"] = "KEY01"
        jobs = {row["jobCode"]: row for row in self.rows(session, "/configuration/v1/jobs")}
        places = {row["locationCode"]: row for row in self.rows(session, "/configuration/v1/locations")}
        levels = {(row["level"], row["code"]): row for row in self.rows(session, "/configuration/v1/org-levels")}
        wanted = {*COPIED.values(), *DAYS, "dateTimeChanged"}
        employments = {
            row["employeeID"]: {name: row[name] for name in wanted} for row in self.rows(session, "/personnel/v1/employment-details")
        }
        for person in self.rows(session, "/personnel/v1/person-details"):
            employment = employments.get(person["employeeId"])
            if employment is None:
                continue
            record = {"employeeId": person["employeeId"]}
            for name in PERSON:
                record[name] = person[name] or None
            for name, wire in COPIED.items():
                record[name] = employment[wire] or None
            for name in DAYS:
                record[name] = employment[name][:10] if employment[name] else None
            for level in (1, 2, 3, 4):
                unit = levels.get((level, employment[f"orgLevel{level}Code"]))
                record[f"orgLevel{level}Description"] = unit["description"] if unit else None
            record["departmentName"] = record["orgLevel2Description"]
            job = jobs.get(employment["primaryJobCode"])
            record["primaryJobTitle"] = job["title"] if job else None
            place = places.get(employment["primaryWorkLocationCode"]) or {}
            for name, wire in PLACE.items():
                record[name] = place.get(wire) or None
            record["dateTimeChanged"] = max(person["datetimeChanged"], employment["dateTimeChanged"]).ljust(23, "0") + "Z"
            yield record


class TapPeer(Tap):
    name = "tap-peer"
    config_jsonschema = th.PropertiesList(
        th.Property("base_url", th.StringType, required=True), th.Property("page_size", th.IntegerType, default=1000)
    ).to_dict()
    if TUNED:
        message_writer_class = Writer

    def discover_streams(self):
        return [Employees(self)]


if __name__ == "__main__":
    sys.exit(TapPeer.cli())
