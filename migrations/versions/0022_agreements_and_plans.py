"""agreements, who leads, and plans by version

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "partnership_lead",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(40), nullable=False),
        sa.Column("post", sa.String(40), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=True),
        sa.Column("who", sa.String(length=120), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "from_on <= coalesce(until_on, from_on)", name=op.f("ck_partnership_lead_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id"],
            ["partnership.id"],
            name=op.f("fk_partnership_lead_partnership_id_partnership"),
        ),
        sa.ForeignKeyConstraint(
            ["theme_id"], ["theme.id"], name=op.f("fk_partnership_lead_theme_id_theme")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partnership_lead")),
    )
    with op.batch_alter_table("partnership_lead", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_partnership_lead_partnership_id"), ["partnership_id"], unique=False
        )

    op.create_table(
        "plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("reason_code", sa.String(40), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("exit_on", sa.Date(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drafted_by_id", sa.Integer(), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["drafted_by_id"], ["person.id"], name=op.f("fk_plan_drafted_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id"], ["partnership.id"], name=op.f("fk_plan_partnership_id_partnership")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint("partnership_id", "number", name=op.f("uq_plan_partnership_id_number")),
    )
    with op.batch_alter_table("plan", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_plan_partnership_id"), ["partnership_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_plan_state"), ["state"], unique=False)

    op.create_table(
        "working_agreement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("aims_receiver", sa.Text(), nullable=False),
        sa.Column("aims_provider", sa.Text(), nullable=False),
        sa.Column("scope_in", sa.Text(), nullable=False),
        sa.Column("scope_out", sa.Text(), nullable=False),
        sa.Column("decides", sa.Text(), nullable=False),
        sa.Column("boundaries", sa.Text(), nullable=False),
        sa.Column("no_surprises", sa.Text(), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["partnership_id"],
            ["partnership.id"],
            name=op.f("fk_working_agreement_partnership_id_partnership"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_working_agreement")),
        sa.UniqueConstraint("partnership_id", name=op.f("uq_working_agreement_partnership_id")),
    )
    op.create_table(
        "kpi",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("relevant_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["working_agreement.id"],
            name=op.f("fk_kpi_agreement_id_working_agreement"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kpi")),
    )
    with op.batch_alter_table("kpi", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_kpi_agreement_id"), ["agreement_id"], unique=False)

    op.create_table(
        "plan_consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(40), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreed_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreed_by_id"], ["person.id"], name=op.f("fk_plan_consent_agreed_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plan.id"], name=op.f("fk_plan_consent_plan_id_plan")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_consent")),
        sa.UniqueConstraint(
            "plan_id", "side", "revision", name=op.f("uq_plan_consent_plan_id_side_revision")
        ),
    )
    op.create_table(
        "plan_objective",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("aim", sa.Text(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=True),
        sa.Column("horizon", sa.String(40), nullable=False),
        sa.Column("handover_to", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plan.id"], name=op.f("fk_plan_objective_plan_id_plan")
        ),
        sa.ForeignKeyConstraint(
            ["theme_id"], ["theme.id"], name=op.f("fk_plan_objective_theme_id_theme")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_objective")),
        sa.UniqueConstraint("plan_id", "key", name=op.f("uq_plan_objective_plan_id_key")),
    )
    op.create_table(
        "plan_taper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        sa.Column("quarter_days", sa.Integer(), nullable=False),
        sa.CheckConstraint("quarter_days >= 0", name=op.f("ck_plan_taper_no_less_than_none")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_taper_plan_id_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_taper")),
        sa.UniqueConstraint("plan_id", "quarter", name=op.f("uq_plan_taper_plan_id_quarter")),
    )
    op.create_table(
        "working_consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreed_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreed_by_id"], ["person.id"], name=op.f("fk_working_consent_agreed_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["working_agreement.id"],
            name=op.f("fk_working_consent_agreement_id_working_agreement"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_working_consent")),
        sa.UniqueConstraint(
            "agreement_id",
            "side",
            "number",
            name=op.f("uq_working_consent_agreement_id_side_number"),
        ),
    )
    op.create_table(
        "plan_activity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("objective_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        sa.Column("quarter_days", sa.Integer(), nullable=False),
        sa.CheckConstraint("quarter_days > 0", name=op.f("ck_plan_activity_some_days")),
        sa.ForeignKeyConstraint(
            ["objective_id"],
            ["plan_objective.id"],
            name=op.f("fk_plan_activity_objective_id_plan_objective"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_activity")),
        sa.UniqueConstraint("objective_id", "key", name=op.f("uq_plan_activity_objective_id_key")),
    )
    op.create_table(
        "plan_measure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("objective_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("baseline", sa.String(length=300), nullable=False),
        sa.Column("baseline_source", sa.String(length=200), nullable=False),
        sa.Column("baseline_on", sa.Date(), nullable=True),
        sa.Column("target", sa.String(length=300), nullable=False),
        sa.Column("collected", sa.String(40), nullable=False),
        sa.Column("existed_before", sa.Boolean(), nullable=False),
        sa.Column("claims_change", sa.Boolean(), nullable=False),
        sa.Column("period_before", sa.String(length=120), nullable=False),
        sa.Column("period_after", sa.String(length=120), nullable=False),
        sa.Column("how_far_apart", sa.String(length=120), nullable=False),
        sa.Column("comparable_because", sa.String(length=300), nullable=False),
        sa.CheckConstraint(
            "NOT claims_change OR (existed_before AND baseline <> '' AND period_before <> '' AND period_after <> '' AND how_far_apart <> '' AND comparable_because <> '')",
            name=op.f("ck_plan_measure_both_sides"),
        ),
        sa.CheckConstraint(
            "baseline = '' OR baseline_source <> ''", name=op.f("ck_plan_measure_sourced")
        ),
        sa.ForeignKeyConstraint(
            ["objective_id"],
            ["plan_objective.id"],
            name=op.f("fk_plan_measure_objective_id_plan_objective"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_measure")),
        sa.UniqueConstraint("objective_id", "key", name=op.f("uq_plan_measure_objective_id_key")),
    )


def downgrade() -> None:
    op.drop_table("plan_measure")
    op.drop_table("plan_activity")
    op.drop_table("working_consent")
    op.drop_table("plan_taper")
    op.drop_table("plan_objective")
    op.drop_table("plan_consent")
    with op.batch_alter_table("kpi", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_kpi_agreement_id"))

    op.drop_table("kpi")
    op.drop_table("working_agreement")
    with op.batch_alter_table("plan", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_state"))
        batch_op.drop_index(batch_op.f("ix_plan_partnership_id"))

    op.drop_table("plan")
    with op.batch_alter_table("partnership_lead", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_partnership_lead_partnership_id"))

    op.drop_table("partnership_lead")
