"""sign-offs, and readiness checks that are read and seen through

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

SIGNED = ("chief_executive_signed_on", "lead_member_signed_on")


def upgrade() -> None:
    _signing()
    op.create_table(
        "readiness_part",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("check_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(40), nullable=False),
        sa.Column("met", sa.String(40), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["check_id"],
            ["readiness_check.id"],
            name=op.f("fk_readiness_part_check_id_readiness_check"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readiness_part")),
    )
    op.create_index(op.f("ix_readiness_part_check_id"), "readiness_part", ["check_id"])
    op.create_table(
        "readiness_condition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("check_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(300), nullable=False),
        sa.Column("who", sa.String(120), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["check_id"],
            ["readiness_check.id"],
            name=op.f("fk_readiness_condition_check_id_readiness_check"),
        ),
        sa.ForeignKeyConstraint(
            ["done_by_id"], ["person.id"], name=op.f("fk_readiness_condition_done_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readiness_condition")),
    )
    op.create_index(op.f("ix_readiness_condition_check_id"), "readiness_condition", ["check_id"])
    with op.batch_alter_table("readiness_check", schema=None) as batch_op:
        batch_op.add_column(sa.Column("way_on", sa.String(40), nullable=True))
        batch_op.add_column(sa.Column("come_back_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("seen_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("comment", sa.Text(), nullable=False, server_default=""))
        batch_op.create_foreign_key(
            op.f("fk_readiness_check_seen_by_id_person"), "person", ["seen_by_id"], ["id"]
        )
    # What was written as one text stays readable: it joins the evidence.
    op.execute(
        "UPDATE readiness_check SET evidence = evidence || ' Conditions: ' || conditions "
        "WHERE conditions <> ''"
    )
    with op.batch_alter_table("readiness_check", schema=None) as batch_op:
        for name in ("conditions", *SIGNED):
            batch_op.drop_column(name)


def _signing() -> None:
    op.create_table(
        "signature",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("signer", sa.String(40), nullable=False),
        sa.Column("substance", sa.String(64), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_by_id", sa.Integer(), nullable=False),
        sa.Column("is_by_link", sa.Boolean(), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_signature_need_id_need")),
        sa.ForeignKeyConstraint(
            ["signed_by_id"], ["person.id"], name=op.f("fk_signature_signed_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signature")),
    )
    op.create_index(op.f("ix_signature_need_id"), "signature", ["need_id"])
    op.create_table(
        "sign_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("signer", sa.String(40), nullable=False),
        sa.Column("substance", sa.String(64), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["person.id"], name=op.f("fk_sign_link_made_by_id_person")
        ),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_sign_link_need_id_need")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_link_token_hash")),
    )
    op.create_index(op.f("ix_sign_link_need_id"), "sign_link", ["need_id"])


def downgrade() -> None:
    with op.batch_alter_table("readiness_check", schema=None) as batch_op:
        batch_op.add_column(sa.Column("conditions", sa.Text(), nullable=False, server_default=""))
        for name in SIGNED:
            batch_op.add_column(sa.Column(name, sa.Date(), nullable=True))
        batch_op.drop_constraint(
            op.f("fk_readiness_check_seen_by_id_person"), type_="foreignkey"
        )
        for name in ("way_on", "come_back_on", "seen_at", "seen_by_id", "comment"):
            batch_op.drop_column(name)
    for table, column in (
        ("sign_link", "need_id"),
        ("signature", "need_id"),
        ("readiness_condition", "check_id"),
        ("readiness_part", "check_id"),
    ):
        op.drop_index(op.f(f"ix_{table}_{column}"), table)
        op.drop_table(table)
