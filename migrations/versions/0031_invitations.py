"""invitations to a role, and links that work once

Revision ID: 0031
Revises: 0030
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def moment(name: str, *, needed: bool = True) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=not needed)


def number(name: str, *, needed: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=not needed)


def refers(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
    )


def upgrade() -> None:
    op.create_table(
        "invitation",
        number("id", needed=True),
        sa.Column("state", sa.String(40), nullable=False),
        moment("state_since"),
        number("person_id", needed=True),
        sa.Column("role", sa.String(40), nullable=False),
        number("authority_id"),
        number("region_id"),
        number("programme_id"),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        number("invited_by_id", needed=True),
        moment("expires_at"),
        refers("invitation", "person_id", "person"),
        refers("invitation", "authority_id", "authority"),
        refers("invitation", "region_id", "region"),
        refers("invitation", "programme_id", "programme"),
        refers("invitation", "invited_by_id", "person"),
        sa.CheckConstraint(
            "starts_on <= coalesce(ends_on, starts_on)", name=op.f("ck_invitation_in_order")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
    )
    for column in ("state", "person_id", "authority_id"):
        op.create_index(op.f(f"ix_invitation_{column}"), "invitation", [column])
    op.create_table(
        "one_time_link",
        number("id", needed=True),
        sa.Column("kind", sa.String(40), nullable=False),
        number("person_id", needed=True),
        number("invitation_id"),
        number("message_id"),
        sa.Column("nonce", sa.String(32), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        moment("made_at"),
        moment("expires_at"),
        moment("used_at", needed=False),
        moment("cancelled_at", needed=False),
        refers("one_time_link", "person_id", "person"),
        refers("one_time_link", "invitation_id", "invitation"),
        refers("one_time_link", "message_id", "message"),
        sa.UniqueConstraint("message_id", name=op.f("uq_one_time_link_message_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_one_time_link_token_hash")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_link")),
    )
    for column in ("person_id", "invitation_id", "expires_at"):
        op.create_index(op.f(f"ix_one_time_link_{column}"), "one_time_link", [column])


def downgrade() -> None:
    op.drop_table("one_time_link")
    op.drop_table("invitation")
