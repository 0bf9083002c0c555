"""rounds over all England, which belong to no region

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.alter_column("region_id", existing_type=sa.INTEGER(), nullable=True)


def downgrade() -> None:
    over_england = "(SELECT id FROM round WHERE region_id IS NULL)"
    op.execute(f"UPDATE suggestion SET round_id = NULL WHERE round_id IN {over_england}")
    op.execute(f"UPDATE round SET repeats_id = NULL WHERE repeats_id IN {over_england}")
    op.execute("DELETE FROM round WHERE region_id IS NULL")
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.alter_column("region_id", existing_type=sa.INTEGER(), nullable=False)
