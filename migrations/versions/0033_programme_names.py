"""programmes have names of their own

Revision ID: 0033
Revises: 0032
"""

from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_programme_name"), "programme", ["name"], unique=True)


def downgrade() -> None:
    op.drop_index(op.f("ix_programme_name"), table_name="programme")
