"""likely days, backfill and a note with capacity; entries that correct others

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

CORRECTS = (
    "corrects_id INTEGER CONSTRAINT fk_ledger_entry_corrects_id_ledger_entry "
    "REFERENCES ledger_entry (id)"
)


def upgrade() -> None:
    op.add_column("capacity", sa.Column("backfill", sa.String(40), nullable=True))
    op.add_column(
        "capacity", sa.Column("note", sa.Text(), nullable=False, server_default=sa.text("''"))
    )
    # Written out: SQLite's way of changing a table anew would drop the triggers that guard it.
    op.execute(f"ALTER TABLE ledger_entry ADD COLUMN {CORRECTS}")
    op.create_index("ix_ledger_entry_corrects_id", "ledger_entry", ["corrects_id"], unique=True)


def downgrade() -> None:
    op.drop_index("ix_ledger_entry_corrects_id", "ledger_entry")
    op.drop_column("ledger_entry", "corrects_id")
    op.drop_column("capacity", "note")
    op.drop_column("capacity", "backfill")
