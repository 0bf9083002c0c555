"""needs in full

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TEXTS = ("children_view", "strengths_found", "priority_because")
LINES = {"diagnosis_source": 200, "accepted_by": 200, "finding": 300, "plan_item": 300}
WORDS = {"origin": "own", "priority": "usual"}


def upgrade() -> None:
    for name in TEXTS:
        op.add_column("need", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    for name, length in LINES.items():
        column = sa.Column(name, sa.String(length), nullable=False, server_default="")
        op.add_column("need", column)
    for name, word in WORDS.items():
        column = sa.Column(name, sa.String(40), nullable=False, server_default=word)
        op.add_column("need", column)
    op.add_column("need", sa.Column("diagnosed_on", sa.Date(), nullable=True))
    op.add_column("need", sa.Column("root", sa.String(40), nullable=True))
    column = sa.Column("counterpart", sa.String(120), nullable=False, server_default="")
    op.add_column("need_theme", column)
    op.create_table(
        "need_follow",
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("follows_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_need_follow_need_id_need")),
        sa.ForeignKeyConstraint(
            ["follows_id"], ["need.id"], name=op.f("fk_need_follow_follows_id_need")
        ),
        sa.PrimaryKeyConstraint("need_id", name=op.f("pk_need_follow")),
    )
    op.create_table(
        "need_partner",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("wish", sa.String(40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["need_id"], ["need.id"], name=op.f("fk_need_partner_need_id_need")
        ),
        sa.ForeignKeyConstraint(
            ["authority_id"],
            ["authority.id"],
            name=op.f("fk_need_partner_authority_id_authority"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need_partner")),
        sa.UniqueConstraint(
            "need_id", "authority_id", name=op.f("uq_need_partner_need_id_authority_id")
        ),
    )
    op.create_index(op.f("ix_need_partner_authority_id"), "need_partner", ["authority_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_need_partner_authority_id"), "need_partner")
    op.drop_table("need_partner")
    op.drop_table("need_follow")
    op.drop_column("need_theme", "counterpart")
    for name in (*TEXTS, *LINES, *WORDS, "diagnosed_on", "root"):
        op.drop_column("need", name)
