"""what was agreed elsewhere

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

KEYS = {
    "receiver_id": "authority",
    "provider_id": "authority",
    "programme_id": "programme",
    "theme_id": "theme",
    "entered_by_id": "person",
    "match_id": "match",
}


def upgrade() -> None:
    reason = sa.Column("reason", sa.Text(), nullable=False, server_default="")
    op.add_column("conversation_outcome", reason)
    shared = sa.Column("is_reason_shared", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("conversation_outcome", shared)
    with op.batch_alter_table("match") as match:
        match.alter_column("conversation_id", existing_type=sa.Integer(), nullable=True)
    op.create_table(
        "recording",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=name == "match_id") for name in KEYS),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("aims", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("entered_side", sa.String(40), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("receiver_id <> provider_id", name=op.f("ck_recording_two_authorities")),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_recording_{column}_{table}")
            )
            for column, table in KEYS.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recording")),
    )
    for column in ("receiver_id", "provider_id", "state"):
        op.create_index(op.f(f"ix_recording_{column}"), "recording", [column])
    op.create_table(
        "recorded_days",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recording_id", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        sa.Column("quarter_days", sa.Integer(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=True),
        sa.Column("activity", sa.String(200), nullable=False),
        sa.Column("delivery", sa.String(40), nullable=False),
        sa.CheckConstraint("quarter_days > 0", name=op.f("ck_recorded_days_some_days")),
        sa.ForeignKeyConstraint(
            ["recording_id"],
            ["recording.id"],
            name=op.f("fk_recorded_days_recording_id_recording"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recorded_days")),
    )
    op.create_index(op.f("ix_recorded_days_recording_id"), "recorded_days", ["recording_id"])


def downgrade() -> None:
    for table in ("recorded_days", "recording"):
        op.drop_table(table)
    with op.batch_alter_table("match") as match:
        match.alter_column("conversation_id", existing_type=sa.Integer(), nullable=False)
    for name in ("is_reason_shared", "reason"):
        op.drop_column("conversation_outcome", name)
