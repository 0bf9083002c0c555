"""published indicators and their figures

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

AT_AUTHORITY = sa.text("authority_id IS NOT NULL")
IN_REGION = sa.text("region_id IS NOT NULL")
IN_ENGLAND = sa.text("authority_id IS NULL AND region_id IS NULL")


def upgrade() -> None:
    op.create_table(
        "indicator",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("unit", sa.String(40), nullable=False),
        sa.Column("better", sa.String(40), nullable=False),
        sa.Column("counted", sa.String(length=40), nullable=False),
        sa.Column("meaning", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator")),
        sa.UniqueConstraint("code", name=op.f("uq_indicator_code")),
    )
    op.create_table(
        "indicator_value",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=True),
        sa.Column("region_id", sa.Integer(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("flag", sa.String(length=60), nullable=True),
        sa.CheckConstraint(
            "authority_id IS NULL OR region_id IS NULL",
            name=op.f("ck_indicator_value_one_place"),
        ),
        sa.ForeignKeyConstraint(
            ["authority_id"],
            ["authority.id"],
            name=op.f("fk_indicator_value_authority_id_authority"),
        ),
        sa.ForeignKeyConstraint(
            ["indicator_id"],
            ["indicator.id"],
            name=op.f("fk_indicator_value_indicator_id_indicator"),
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["region.id"], name=op.f("fk_indicator_value_region_id_region")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator_value")),
    )
    _index("authority", ["authority_id", "indicator_id", "year"], AT_AUTHORITY)
    _index("region", ["region_id", "indicator_id", "year"], IN_REGION)
    _index("england", ["indicator_id", "year"], IN_ENGLAND)


def _index(place: str, columns: list[str], where: sa.TextClause) -> None:
    name = f"uq_indicator_value_{place}"
    only = {"sqlite_where": where, "postgresql_where": where}
    op.create_index(name, "indicator_value", columns, unique=True, **only)


def downgrade() -> None:
    op.drop_table("indicator_value")
    op.drop_table("indicator")
