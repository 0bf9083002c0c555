"""councils' own accounts, and ways to their sign-in

Revision ID: 0032
Revises: 0031
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def moment(name: str, *, needed: bool = True) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=not needed)


def words(name: str, length: int) -> sa.Column:
    return sa.Column(name, sa.String(length), nullable=False)


def of_person(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["person_id"], ["person.id"], name=op.f(f"fk_{table}_person_id_person")
    )


def upgrade() -> None:
    op.create_table(
        "council_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        words("issuer", 400),
        words("subject", 255),
        moment("connected_at"),
        moment("used_at"),
        moment("ended_at", needed=False),
        of_person("council_account"),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_council_account_issuer_subject")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council_account")),
    )
    op.create_index(op.f("ix_council_account_person_id"), "council_account", ["person_id"])
    op.create_table(
        "council_trip",
        sa.Column("id", sa.Integer(), nullable=False),
        words("state_hash", 64),
        words("browser_hash", 64),
        words("provider", 20),
        words("purpose", 40),
        sa.Column("person_id", sa.Integer(), nullable=True),
        words("nonce", 64),
        words("verifier", 128),
        words("leads_to", 400),
        moment("begun_at"),
        of_person("council_trip"),
        sa.UniqueConstraint("state_hash", name=op.f("uq_council_trip_state_hash")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council_trip")),
    )
    for column in ("person_id", "begun_at"):
        op.create_index(op.f(f"ix_council_trip_{column}"), "council_trip", [column])


def downgrade() -> None:
    op.drop_table("council_trip")
    op.drop_table("council_account")
