"""Commands: `flask --app wsgi …`."""

from flask import Flask

from broker.cli.admin import admin_group
from broker.cli.background import jobs_group, outbox_group
from broker.cli.backups import backups_group
from broker.cli.checks import docs, event_group, ledger_group
from broker.cli.copies import backup, move, restore
from broker.cli.facts import facts_group
from broker.cli.matching import matching
from broker.cli.people import people_group
from broker.cli.programmes import programmes_group
from broker.cli.prospectus import offers_group
from broker.cli.returns import returns_group
from broker.cli.running import clock_group, demonstration_group, up, worker

# What administrators look after, also under one name.
for group in (
    backups_group,
    jobs_group,
    outbox_group,
    clock_group,
    facts_group,
    people_group,
    programmes_group,
):
    admin_group.add_command(group)


def init_app(app: Flask) -> None:
    for command in (
        admin_group,
        backup,
        clock_group,
        docs,
        event_group,
        ledger_group,
        matching,
        move,
        offers_group,
        demonstration_group,
        facts_group,
        people_group,
        restore,
        returns_group,
        up,
        worker,
    ):
        app.cli.add_command(command)
