"""how messages are sent: tries, digests, wishes

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

MOMENTS = ("tried_at", "next_try_at", "gave_up_at")


def upgrade() -> None:
    wish = sa.Column("digest", sa.String(40), nullable=False, server_default="daily")
    op.add_column("person", wish)
    with op.batch_alter_table("message") as message:
        message.add_column(sa.Column("kind", sa.String(60), nullable=False, server_default="note"))
        for name in ("is_urgent", "attempts"):
            kind = sa.Boolean() if name == "is_urgent" else sa.Integer()
            none = sa.false() if name == "is_urgent" else "0"
            message.add_column(sa.Column(name, kind, nullable=False, server_default=none))
        message.add_column(sa.Column("digest_id", sa.Integer(), nullable=True))
        for name in MOMENTS:
            message.add_column(sa.Column(name, sa.DateTime(timezone=True), nullable=True))
        message.add_column(sa.Column("last_error", sa.String(80), nullable=True))
        message.create_foreign_key(
            op.f("fk_message_digest_id_message"), "message", ["digest_id"], ["id"]
        )
    op.create_index(op.f("ix_message_digest_id"), "message", ["digest_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_message_digest_id"), "message")
    with op.batch_alter_table("message") as message:
        message.drop_constraint(op.f("fk_message_digest_id_message"), type_="foreignkey")
        for name in ("kind", "is_urgent", "attempts", "digest_id", *MOMENTS, "last_error"):
            message.drop_column(name)
    op.drop_column("person", "digest")
