"""deputies named for a time and for some duties

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("membership", sa.Column("duties", sa.String(120), nullable=True))
    for name in ("named_at", "ended_at"):
        op.add_column("membership", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_membership_deputy_for_id"), "membership", ["deputy_for_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_membership_deputy_for_id"), "membership")
    for name in ("duties", "named_at", "ended_at"):
        op.drop_column("membership", name)
