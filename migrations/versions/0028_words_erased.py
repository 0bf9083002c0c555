"""a name may be erased from words that are otherwise only ever added

Revision ID: 0028
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

TABLES = ("event", "ledger_entry", "return_version", "frozen_version")
# Set within the transaction that erases, and taken away before it ends: nobody else ever sees it.
ERASING = "EXISTS (SELECT 1 FROM setting WHERE name = 'erasing')"
FUNCTION = f"""
CREATE FUNCTION refuse_change_unless_erasing() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
  IF {ERASING} THEN RETURN NEW; END IF;
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$
"""


def _is_postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _guard(function: str, unless: str) -> None:
    for table in TABLES:
        on = f" ON {table}" if _is_postgres() else ""
        op.execute(f"DROP TRIGGER {table}_no_update{on}")
        if _is_postgres():
            does = f"FOR EACH ROW EXECUTE FUNCTION {function}()"
        else:
            does = f"{unless} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {does}")


def upgrade() -> None:
    op.add_column(
        "event",
        sa.Column("has_words_erased", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    if _is_postgres():
        op.execute(FUNCTION)
    _guard("refuse_change_unless_erasing", f"WHEN NOT {ERASING}")


def downgrade() -> None:
    _guard("refuse_change", "")
    if _is_postgres():
        op.execute("DROP FUNCTION refuse_change_unless_erasing()")
    op.execute("ALTER TABLE event DROP COLUMN has_words_erased")
