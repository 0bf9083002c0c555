"""rounds of both kinds with their settings, what the matcher said, and changes by hand

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

KEYS = (("repeats_id", "round"), ("hand_by_id", "person"))


def upgrade() -> None:
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("kind", sa.String(40), nullable=False, server_default="commitment")
        )
        batch_op.add_column(sa.Column("settings", sa.JSON(), nullable=False, server_default="{}"))
        for name in ("heard", "hand"):
            batch_op.add_column(sa.Column(name, sa.JSON(), nullable=True))
        for name, table in KEYS:
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=True))
            batch_op.create_foreign_key(op.f(f"fk_round_{name}_{table}"), table, [name], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("round", schema=None) as batch_op:
        for name, table in KEYS:
            batch_op.drop_constraint(op.f(f"fk_round_{name}_{table}"), type_="foreignkey")
            batch_op.drop_column(name)
        for name in ("kind", "settings", "heard", "hand"):
            batch_op.drop_column(name)
