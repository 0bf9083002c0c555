"""terms in full, and everybody who helps one authority

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
    )


def upgrade() -> None:
    shares = sa.Column("shares_help", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("authority", shares)
    boundaries = sa.Column("boundaries", sa.Text(), nullable=False, server_default="")
    op.add_column("match", boundaries)
    delivery = sa.Column("delivery", sa.String(40), nullable=False, server_default="either")
    op.add_column("match", delivery)
    op.create_table(
        "match_lead",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("receiver_lead", sa.String(120), nullable=False),
        sa.Column("provider_lead", sa.String(120), nullable=False),
        _key("match_lead", "match_id", "match"),
        _key("match_lead", "theme_id", "theme"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_lead")),
        sa.UniqueConstraint("match_id", "theme_id", name=op.f("uq_match_lead_match_id_theme_id")),
    )
    op.create_index(op.f("ix_match_lead_theme_id"), "match_lead", ["theme_id"])
    op.create_table(
        "live_help",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("receiver_id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("helper", sa.String(120), nullable=False),
        sa.Column("what", sa.String(300), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("each_quarter", sa.Integer(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("each_quarter > 0", name=op.f("ck_live_help_days")),
        sa.CheckConstraint(
            "starts_on <= coalesce(ends_on, starts_on)", name=op.f("ck_live_help_in_order")
        ),
        _key("live_help", "receiver_id", "authority"),
        _key("live_help", "theme_id", "theme"),
        _key("live_help", "entered_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_live_help")),
    )
    for column in ("receiver_id", "state"):
        op.create_index(op.f(f"ix_live_help_{column}"), "live_help", [column])
    op.create_table(
        "joint_quarter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("receiver_id", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        sa.Column("aim", sa.Text(), nullable=False),
        _key("joint_quarter", "receiver_id", "authority"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_joint_quarter")),
        sa.UniqueConstraint(
            "receiver_id", "quarter", name=op.f("uq_joint_quarter_receiver_id_quarter")
        ),
    )


def downgrade() -> None:
    for table in ("joint_quarter", "live_help", "match_lead"):
        op.drop_table(table)
    for name in ("delivery", "boundaries"):
        op.drop_column("match", name)
    op.drop_column("authority", "shares_help")
