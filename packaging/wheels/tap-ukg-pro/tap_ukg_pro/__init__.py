"""UKG Pro employees as Singer streams and an Airbyte source. The program is JavaScript; this package starts it."""

from ._launch import command

tap_ukg_pro = command("tap-ukg-pro.mjs")
source_ukg_pro = command("source-ukg-pro.mjs")
