"""suggested needs

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "suggested_need",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("receiver_id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("origin", sa.String(40), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("strengths", sa.Text(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("days_wanted", sa.Integer(), nullable=False),
        sa.Column("suggested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("suggested_by_id", sa.Integer(), nullable=False),
        sa.Column("need_id", sa.Integer(), nullable=True),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("days_wanted > 0", name=op.f("ck_suggested_need_days")),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_suggested_need_{column}_{table}")
            )
            for column, table in (
                ("receiver_id", "authority"),
                ("theme_id", "theme"),
                ("suggested_by_id", "person"),
                ("need_id", "need"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggested_need")),
    )
    for column in ("receiver_id", "state", "suggested_by_id"):
        op.create_index(op.f(f"ix_suggested_need_{column}"), "suggested_need", [column])


def downgrade() -> None:
    op.drop_table("suggested_need")
