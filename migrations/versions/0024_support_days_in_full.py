"""support days in full: kind of help, roles, extras, notes; extra days; spreadsheets of days

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

TEXTS = (("provider_roles", sa.String(120)), ("receiver_roles", sa.String(120)), ("note", sa.Text()))
KEYS = (("support_type_id", "choice"), ("import_id", "day_import"))


def _moment(name: str) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _key(table: str, name: str, target: str) -> sa.ForeignKeyConstraint:
    named = op.f(f"fk_{table}_{name}_{target}")
    return sa.ForeignKeyConstraint([name], [f"{target}.id"], name=named)


def upgrade() -> None:
    op.create_table(
        "extra",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        sa.Column("quarter_days", sa.Integer(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        _moment("proposed_at"),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_by_side", sa.String(40), nullable=False),
        _moment("state_since"),
        sa.CheckConstraint("quarter_days > 0", name=op.f("ck_extra_some_days")),
        _key("extra", "partnership_id", "partnership"),
        _key("extra", "proposed_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extra")),
    )
    op.create_table(
        "day_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("logged", sa.Integer(), nullable=False),
        sa.Column("confirmed", sa.Integer(), nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        _moment("logged_at"),
        sa.Column("logged_by_id", sa.Integer(), nullable=False),
        sa.Column("logged_by_side", sa.String(40), nullable=False),
        _moment("state_since"),
        _key("day_import", "partnership_id", "partnership"),
        _key("day_import", "logged_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_import")),
    )
    for table in ("extra", "day_import"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name in ("partnership_id", "state"):
                batch_op.create_index(batch_op.f(f"ix_{table}_{name}"), [name], unique=False)
    with op.batch_alter_table("support_day", schema=None) as batch_op:
        for name, kind in TEXTS:
            batch_op.add_column(sa.Column(name, kind, nullable=False, server_default=""))
        batch_op.add_column(
            sa.Column("is_extra", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        for name, target in KEYS:
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=True))
            named = op.f(f"fk_support_day_{name}_{target}")
            batch_op.create_foreign_key(named, target, [name], ["id"])
        batch_op.create_index(batch_op.f("ix_support_day_import_id"), ["import_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("support_day", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_support_day_import_id"))
        for name, target in KEYS:
            batch_op.drop_constraint(
                op.f(f"fk_support_day_{name}_{target}"), type_="foreignkey"
            )
            batch_op.drop_column(name)
        for name in ("is_extra", *(name for name, _ in TEXTS)):
            batch_op.drop_column(name)
    for table in ("day_import", "extra"):
        op.drop_table(table)
