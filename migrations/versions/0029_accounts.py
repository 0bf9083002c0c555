"""sessions, the door's history, and second steps

Revision ID: 0029
Revises: 0028
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def moment(name: str, *, needed: bool = True) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=not needed)


def refers(table: str, column: str, other: str, key: str = "id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.{key}"], name=op.f(f"fk_{table}_{column}_{other}")
    )


def numbered(name: str, *parts: sa.schema.SchemaItem) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.Integer(), nullable=False),
        *parts,
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )


def index(table: str, column: str) -> None:
    op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def upgrade() -> None:
    numbered(
        "session",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.String(64), nullable=False),
        sa.Column("how", sa.String(40), nullable=False),
        sa.Column("browser", sa.String(60), nullable=False),
        moment("begun_at"),
        moment("seen_at"),
        moment("proved_at"),
        moment("ended_at", needed=False),
        refers("session", "person_id", "person"),
        sa.UniqueConstraint("key_hash", name=op.f("uq_session_key_hash")),
    )
    index("session", "person_id")
    index("session", "seen_at")
    numbered(
        "sign_in_event",
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("email_hash", sa.String(64), nullable=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("detail", sa.String(80), nullable=False),
        sa.Column("browser", sa.String(60), nullable=False),
        moment("happened_at"),
        refers("sign_in_event", "person_id", "person"),
    )
    index("sign_in_event", "person_id")
    index("sign_in_event", "happened_at")
    op.create_table(
        "try_budget",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        moment("tried_at"),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_try_budget")),
    )
    index("try_budget", "tried_at")
    op.create_table(
        "second_step",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.String(200), nullable=False),
        moment("set_at"),
        sa.Column("last_step", sa.Integer(), nullable=False),
        refers("second_step", "person_id", "person"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_second_step")),
    )
    numbered(
        "recovery_code",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        moment("used_at", needed=False),
        refers("recovery_code", "person_id", "person"),
        sa.UniqueConstraint("person_id", "code_hash", name=op.f("uq_recovery_code_person_id_code_hash")),
    )
    op.drop_table("sign_in_attempt")
    op.drop_column("person", "session_key")


def downgrade() -> None:
    op.add_column(
        "person", sa.Column("session_key", sa.String(32), nullable=False, server_default="ended")
    )
    numbered(
        "sign_in_attempt", sa.Column("email_hash", sa.String(64), nullable=False), moment("tried_at")
    )
    op.create_index("ix_sign_in_attempt_email_at", "sign_in_attempt", ["email_hash", "tried_at"])
    for table in (
        "recovery_code",
        "second_step",
        "try_budget",
        "sign_in_event",
        "session",
    ):
        op.drop_table(table)
