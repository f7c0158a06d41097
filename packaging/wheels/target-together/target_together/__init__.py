"""Any HRIS tap's records as Together users: a Singer target and an Airbyte destination. The program is JavaScript; this package starts it."""

from ._launch import command

target_together = command("target-together.mjs")
destination_together = command("destination-together.mjs")
