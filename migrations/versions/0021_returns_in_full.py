"""returns in full: more words, managers' notes, grants and payments

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

WORDS = ("measured", "evidence", "reflection", "case_study")


def upgrade() -> None:
    for name in WORDS:
        op.add_column("return", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "return_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=False),
        _to("return_note", "programme_id", "programme"),
        _to("return_note", "provider_id", "authority"),
        _to("return_note", "written_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_note")),
    )
    op.create_index(op.f("ix_return_note_programme_id"), "return_note", ["programme_id"])
    op.create_table(
        "return_section",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column("receiver_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        _to("return_section", "receiver_id", "authority"),
        _to("return_section", "return_id", "return"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_section")),
        sa.UniqueConstraint(
            "return_id", "receiver_id", name=op.f("uq_return_section_return_id_receiver_id")
        ),
    )
    for name in ("receiver_id", "state"):
        op.create_index(op.f(f"ix_return_section_{name}"), "return_section", [name])
    op.create_table(
        "grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("pence", sa.Integer(), nullable=False),
        sa.Column("day_rate", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("pence > 0 AND day_rate > 0", name=op.f("ck_grant_some_money")),
        _to("grant", "programme_id", "programme"),
        _to("grant", "provider_id", "authority"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grant")),
        sa.UniqueConstraint(
            "provider_id",
            "programme_id",
            "year",
            name=op.f("uq_grant_provider_id_programme_id_year"),
        ),
    )
    op.create_index(op.f("ix_grant_programme_id"), "grant", ["programme_id"])
    op.create_table(
        "payment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("grant_id", sa.Integer(), nullable=False),
        sa.Column("pence", sa.Integer(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("reference", sa.String(length=120), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_back_because", sa.Text(), nullable=False),
        sa.CheckConstraint("pence > 0", name=op.f("ck_payment_some_money")),
        _to("payment", "entered_by_id", "person"),
        _to("payment", "grant_id", "grant"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
    )
    op.create_index(op.f("ix_payment_grant_id"), "payment", ["grant_id"])


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name)


def downgrade() -> None:
    for name in ("payment", "grant", "return_section", "return_note"):
        op.drop_table(name)
    for name in WORDS:
        op.drop_column("return", name)
