"""events, ledger entries and certified versions are only ever added

Revision ID: 0002
Revises: 0001
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = ("event", "ledger_entry", "return_version", "frozen_version")
FUNCTION = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$
"""


def _is_postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def upgrade() -> None:
    if _is_postgres():
        op.execute(FUNCTION)
    for table in TABLES:
        for verb in ("UPDATE", "DELETE"):
            name = f"{table}_no_{verb.lower()}"
            if _is_postgres():
                does = "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            else:
                does = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            op.execute(f"CREATE TRIGGER {name} BEFORE {verb} ON {table} {does}")


def downgrade() -> None:
    for table in TABLES:
        for verb in ("update", "delete"):
            on = f" ON {table}" if _is_postgres() else ""
            op.execute(f"DROP TRIGGER {table}_no_{verb}{on}")
    if _is_postgres():
        op.execute("DROP FUNCTION refuse_change()")
