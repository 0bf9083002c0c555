"""exceptions, flags for review, imports of facts, authorities that follow others

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

IN_FORCE = sa.text("state = 'in_force'")
REVIEW = (
    ("review_reason", sa.Text()),
    ("review_cause", sa.String(60)),
    ("review_since", sa.DateTime(timezone=True)),
)


def _key(table, column, other):
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name)


def upgrade() -> None:
    _succession()
    _exception()
    _fact_import()
    op.add_column("authority", sa.Column("ended_on", sa.Date(), nullable=True))
    op.add_column(
        "judgement",
        sa.Column("has_priority_action", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    for name, kind in REVIEW:
        op.add_column("partnership", sa.Column(name, kind, nullable=True))


def _succession() -> None:
    op.create_table(
        "succession",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("successor_id", sa.Integer(), nullable=False),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.CheckConstraint("share BETWEEN 1 AND 100", name=op.f("ck_succession_share")),
        _key("succession", "authority_id", "authority"),
        _key("succession", "successor_id", "authority"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_succession")),
        sa.UniqueConstraint(
            "authority_id", "successor_id", name=op.f("uq_succession_authority_id_successor_id")
        ),
    )
    op.create_index(op.f("ix_succession_successor_id"), "succession", ["successor_id"])


def _exception() -> None:
    table = "eligibility_exception"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("granted_by_id", sa.Integer(), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("expires_on >= starts_on", name=op.f(f"ck_{table}_in_order")),
        _key(table, "granted_by_id", "person"),
        _key(table, "programme_id", "programme"),
        _key(table, "provider_id", "authority"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_programme_id"), table, ["programme_id"])
    op.create_index(op.f(f"ix_{table}_state"), table, ["state"])
    op.create_index(
        f"uq_{table}_in_force",
        table,
        ["provider_id", "programme_id"],
        unique=True,
        sqlite_where=IN_FORCE,
        postgresql_where=IN_FORCE,
    )


def _fact_import() -> None:
    op.create_table(
        "fact_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("plan_sha256", sa.String(64), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        _key("fact_import", "uploaded_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact_import")),
    )
    op.create_index(op.f("ix_fact_import_state"), "fact_import", ["state"])


def downgrade() -> None:
    for name, _ in reversed(REVIEW):
        op.drop_column("partnership", name)
    op.drop_column("judgement", "has_priority_action")
    op.drop_column("authority", "ended_on")
    for table in ("fact_import", "eligibility_exception", "succession"):
        op.drop_table(table)
