"""The same raw stream on singer-sdk, as its cookiecutter would have it: a RESTStream, a HATEOAS paginator, a typed schema."""
import json
import os
import sys
from pathlib import Path

from singer_sdk import RESTStream, Tap
from singer_sdk import typing as th
from singer_sdk.authenticators import BasicAuthenticator
from singer_sdk.pagination import BaseHATEOASPaginator

FIELDS = json.loads(Path(os.environ["BENCH_FIELDS"]).read_text())
TYPES = {"s": th.StringType, "n": th.NumberType, "i": th.IntegerType, "b": th.BooleanType}


class LinkPaginator(BaseHATEOASPaginator):
    def get_next_url(self, response):
        return response.links.get("next", {}).get("url")


class PersonDetails(RESTStream):
    name = "person_details"
    path = "/personnel/v1/person-details"
    primary_keys = ("employeeId",)
    records_jsonpath = "$[*]"
    schema = th.PropertiesList(*[th.Property(name, TYPES[kind]) for name, kind in FIELDS.items()]).to_dict()

    @property
    def url_base(self):
        return self.config["base_url"]

    @property
    def authenticator(self):
        return BasicAuthenticator(self, username="u", password="p")

    def get_new_paginator(self):
        return LinkPaginator()

    def get_url_params(self, context, next_page_token):
        return dict(p.split("=") for p in next_page_token.query.split("&")) if next_page_token else {"page": 1, "per_Page": 10000}


class TapPeer(Tap):
    name = "tap-peer"
    config_jsonschema = th.PropertiesList(th.Property("base_url", th.StringType, required=True)).to_dict()

    def discover_streams(self):
        return [PersonDetails(self)]


if __name__ == "__main__":
    sys.exit(TapPeer.cli())
