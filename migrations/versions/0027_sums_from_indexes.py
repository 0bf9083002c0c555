"""indexes with amounts in them, so that sums of days are made from the index alone

Revision ID: 0027
Revises: 0026
"""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

# (table, the index that goes, its columns, the index that comes, its columns)
CHANGED = (
    (
        "support_day",
        "ix_support_day_partnership_id",
        ["partnership_id"],
        "ix_support_day_partnership_given",
        ["partnership_id", "given_on", "state", "quarter_days"],
    ),
    (
        "ledger_entry",
        "ix_ledger_entry_capacity_quarter",
        ["capacity_id", "quarter"],
        "ix_ledger_entry_capacity_quarter",
        ["capacity_id", "quarter", "kind", "quarter_days"],
    ),
    (
        "ledger_entry",
        "ix_ledger_entry_match_id",
        ["match_id"],
        "ix_ledger_entry_match_quarter",
        ["match_id", "quarter", "kind", "quarter_days"],
    ),
)


def upgrade() -> None:
    for table, old, _, new, columns in CHANGED:
        op.drop_index(old, table_name=table)
        op.create_index(new, table, columns)


def downgrade() -> None:
    for table, old, columns, new, _ in reversed(CHANGED):
        op.drop_index(new, table_name=table)
        op.create_index(old, table, columns)
