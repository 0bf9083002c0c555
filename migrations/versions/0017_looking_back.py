"""what goes out is shown first; staff pulses; what providers learned; feedback after the end

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

# Feedback given before could be read by its provider for as long as it stands.
OLD_FEEDBACK = """
INSERT INTO showing (about_noun, about_id, authority_id, side, state, title, goes_to, rows, path,
                     shown_at, comment, state_since)
SELECT 'feedback', f.id, p.provider_id, 'provider', 'passed', 'How it went', 'everybody', '[]',
       '/partnerships/' || p.id || '/how-it-went', f.answered_at, '', f.answered_at
FROM feedback f JOIN partnership p ON p.id = f.partnership_id
"""


def upgrade() -> None:
    _showing()
    _pulse()
    _provider_feedback()
    _review()
    with op.batch_alter_table("feedback", schema=None) as batch_op:
        batch_op.add_column(sa.Column("holds", sa.String(40), nullable=True))
        batch_op.add_column(sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(OLD_FEEDBACK)


def _showing() -> None:
    op.create_table(
        "showing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("about_noun", sa.String(40), nullable=False),
        sa.Column("about_id", sa.Integer(), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("goes_to", sa.String(200), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("path", sa.String(200), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_by_id", sa.Integer(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["authority.id"], name=op.f("fk_showing_authority_id_authority")
        ),
        sa.ForeignKeyConstraint(
            ["seen_by_id"], ["person.id"], name=op.f("fk_showing_seen_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_showing")),
    )
    op.create_index("ix_showing_about", "showing", ["about_noun", "about_id"])
    op.create_index(op.f("ix_showing_authority_id"), "showing", ["authority_id"])
    op.create_index(op.f("ix_showing_state"), "showing", ["state"])


def _pulse() -> None:
    op.create_table(
        "pulse",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("moment", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["partnership_id"], ["partnership.id"], name=op.f("fk_pulse_partnership_id_partnership")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pulse")),
        sa.UniqueConstraint("code", name=op.f("uq_pulse_code")),
        sa.UniqueConstraint("partnership_id", "moment", name=op.f("uq_pulse_partnership_id_moment")),
    )
    op.create_index(op.f("ix_pulse_state"), "pulse", ["state"])
    op.create_table(
        "pulse_link",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("pulse_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["pulse_id"], ["pulse.id"], name=op.f("fk_pulse_link_pulse_id_pulse")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_pulse_link")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_pulse_link_pulse_id"), "pulse_link", ["pulse_id"])


def _provider_feedback() -> None:
    op.create_table(
        "provider_feedback",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("moment", sa.String(40), nullable=False),
        sa.Column("learned", sa.Text(), nullable=False),
        sa.Column("at_home", sa.Text(), nullable=False),
        sa.Column("suggestions", sa.Text(), nullable=False),
        sa.Column("worth", sa.Integer(), nullable=False),
        sa.Column("would_again", sa.Boolean(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("worth BETWEEN 1 AND 5", name=op.f("ck_provider_feedback_one_to_five")),
        sa.ForeignKeyConstraint(
            ["answered_by_id"],
            ["person.id"],
            name=op.f("fk_provider_feedback_answered_by_id_person"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id"],
            ["partnership.id"],
            name=op.f("fk_provider_feedback_partnership_id_partnership"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_feedback")),
        sa.UniqueConstraint(
            "partnership_id", "moment", name=op.f("uq_provider_feedback_partnership_id_moment")
        ),
    )


def _of_review(name: str, *columns: sa.schema.SchemaItem) -> None:
    """A table of parts of a review."""
    op.create_table(
        name,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(
            ["review_id"], ["review.id"], name=op.f(f"fk_{name}_review_id_review")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )
    op.create_index(op.f(f"ix_{name}_review_id"), name, ["review_id"])


def _review() -> None:
    op.create_table(
        "review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("phase", sa.String(40), nullable=False),
        sa.Column("pack", sa.JSON(), nullable=False),
        sa.Column("packed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["partnership_id"],
            ["partnership.id"],
            name=op.f("fk_review_partnership_id_partnership"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
    )
    op.create_index(op.f("ix_review_partnership_id"), "review", ["partnership_id"])
    op.create_index(op.f("ix_review_state"), "review", ["state"])
    _of_review(
        "review_answer",
        sa.Column("side", sa.String(40), nullable=False),
        sa.Column("asked", sa.String(40), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=False),
        sa.Column("shows", sa.Text(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["person.id"], name=op.f("fk_review_answer_answered_by_id_person")
        ),
        sa.CheckConstraint("rating BETWEEN 1 AND 5", name=op.f("ck_review_answer_one_to_five")),
        sa.UniqueConstraint(
            "review_id", "side", "asked", name=op.f("uq_review_answer_review_id_side_asked")
        ),
    )
    _of_review(
        "review_measure",
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("value", sa.String(300), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
    )
    _of_review(
        "review_decision",
        sa.Column("words", sa.String(300), nullable=False),
        sa.Column("who", sa.String(120), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["done_by_id"], ["person.id"], name=op.f("fk_review_decision_done_by_id_person")
        ),
    )


def downgrade() -> None:
    with op.batch_alter_table("feedback", schema=None) as batch_op:
        batch_op.drop_column("changed_at")
        batch_op.drop_column("holds")
    op.execute("DELETE FROM feedback WHERE moment IN ('six_months', 'twelve_months')")
    for table in ("review_decision", "review_measure", "review_answer", "review"):
        op.drop_table(table)
    for table in ("provider_feedback", "pulse_link", "pulse", "showing"):
        op.drop_table(table)
