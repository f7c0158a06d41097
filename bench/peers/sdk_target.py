"""The same target on singer-sdk: a BatchSink that maps each record and posts arrays of 500.

`tuned`: msgspec in place of json for messages and bodies, and records that are not validated.
"""
import json
import os
import sys

import msgspec

import requests
from singer_sdk import typing as th
from singer_sdk.contrib.msgspec import MsgSpecReader
from singer_sdk.sinks import BatchSink
from singer_sdk.target_base import Target

TUNED = os.environ.get("BENCH_TUNED") == "1"
ADDRESS = ("workLocationAddressLine1", "workLocationCity", "workLocationState", "workLocationZipOrPostalCode")
STATUS = {"A": "A", "O": "A", "L": "L", "S": "L", "R": "T", "T": "T"}


def day(value):
    return f"{value}T00:00:00.000Z" if value else None


class TogetherSink(BatchSink):
    max_size = 500
    session = requests.Session()

    def process_batch(self, context):
        users = []
        for r in context["records"]:
            users.append({
                "employeeId": r["employeeId"], "supervisorId": r.get("supervisorId"), "firstName": r.get("firstName"), "middleName": r.get("middleName"),
                "lastName": r.get("lastName"), "preferredName": r.get("preferredName"), "email": r.get("emailAddress"),
                "employeeStatusCode": STATUS.get(r.get("employeeStatusCode")), "employeeTypeCode": r.get("employeeTypeCode"),
                "fullTimeOrPartTimeCode": r.get("fullTimeOrPartTimeCode"),
                "title": r.get("jobTitle") or r.get("jobDescription") or r.get("primaryJobTitle"),
                "departmentId": r.get("departmentCode"), "departmentName": r.get("departmentName"), "officeId": r.get("primaryWorkLocationCode"),
                "officeAddress": ", ".join(filter(None, (r.get(name) for name in ADDRESS))) or None,
                "addressState": r.get("workLocationState"), "addressCountry": r.get("workLocationCountryCode"), "lastUpdated": r.get("dateTimeChanged"),
                "originalHireDate": day(r.get("originalHireDate")), "lastHireDate": day(r.get("lastHireDate")), "dateInJob": day(r.get("dateInJob")),
                "dateOfTermination": day(r.get("dateOfTermination")),
            })
        body = {"data": msgspec.json.encode(users)} if TUNED else {"data": json.dumps(users, default=str)}
        self.session.post(f"{self.config['api_url']}/public/user", timeout=60, **body).raise_for_status()


class TargetPeer(Target):
    name = "target-peer"
    config_jsonschema = th.PropertiesList(
        th.Property("api_url", th.StringType, required=True), th.Property("validate_records", th.BooleanType)
    ).to_dict()
    default_sink_class = TogetherSink
    if TUNED:
        message_reader_class = MsgSpecReader


if __name__ == "__main__":
    sys.exit(TargetPeer.cli())
