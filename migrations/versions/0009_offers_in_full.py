"""offers: what they say in full, several programmes, joint offers, drafts that are not complete

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

COMPLETE = (
    "signed_off_at IS NULL OR (title <> '' AND what_we_do <> '' AND delivery IS NOT NULL"
    " AND days_least IS NOT NULL AND days_most IS NOT NULL)"
)
LISTS = ("helps_situations", "helps_regions", "helps_types")


def upgrade() -> None:
    op.create_table(
        "offer_version_programme",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_offer_version_programme_programme_id_programme"),
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["offer_version.id"],
            name=op.f("fk_offer_version_programme_version_id_offer_version"),
        ),
        sa.PrimaryKeyConstraint(
            "version_id", "programme_id", name=op.f("pk_offer_version_programme")
        ),
    )
    op.create_index(
        op.f("ix_offer_version_programme_programme_id"), "offer_version_programme", ["programme_id"]
    )
    op.create_table(
        "offer_partner",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agreed_by_id", sa.Integer(), nullable=True),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["agreed_by_id"], ["person.id"], name=op.f("fk_offer_partner_agreed_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["authority.id"], name=op.f("fk_offer_partner_authority_id_authority")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["offer_version.id"],
            name=op.f("fk_offer_partner_version_id_offer_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer_partner")),
        sa.UniqueConstraint(
            "version_id", "authority_id", name=op.f("uq_offer_partner_version_id_authority_id")
        ),
    )
    op.create_index(op.f("ix_offer_partner_authority_id"), "offer_partner", ["authority_id"])
    op.add_column("offer_theme", sa.Column("link", sa.String(length=400), nullable=True))
    op.add_column("offer_theme", sa.Column("note", sa.String(length=400), nullable=True))
    _keep_what_is_said()
    with op.batch_alter_table("offer_version", schema=None) as batch_op:
        batch_op.add_column(sa.Column("commitment_months", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("backfill", sa.String(40), nullable=True))
        batch_op.add_column(sa.Column("open_from", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("open_until", sa.Date(), nullable=True))
        for name in LISTS:
            batch_op.add_column(sa.Column(name, sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(
            sa.Column("helped_before", sa.Text(), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("lead_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("deputy_id", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("handed_over_at", sa.DateTime(timezone=True), nullable=True)
        )
        batch_op.alter_column("delivery", existing_type=sa.String(40), nullable=True)
        batch_op.alter_column("days_least", existing_type=sa.Integer(), nullable=True)
        batch_op.alter_column("days_most", existing_type=sa.Integer(), nullable=True)
        batch_op.create_foreign_key(
            op.f("fk_offer_version_lead_id_person"), "person", ["lead_id"], ["id"]
        )
        batch_op.create_foreign_key(
            op.f("fk_offer_version_deputy_id_person"), "person", ["deputy_id"], ["id"]
        )
        batch_op.create_check_constraint(
            op.f("ck_offer_version_commitment"), "commitment_months > 0"
        )
        batch_op.create_check_constraint(op.f("ck_offer_version_open"), "open_from <= open_until")
        batch_op.create_check_constraint(op.f("ck_offer_version_complete"), COMPLETE)
        batch_op.drop_column("source")
    with op.batch_alter_table("offer_version", schema=None) as batch_op:
        for name in (*LISTS, "helped_before"):
            batch_op.alter_column(name, server_default=None)


def _keep_what_is_said() -> None:
    """An offer's one programme and one source become its version's."""
    op.execute(
        "INSERT INTO offer_version_programme (version_id, programme_id) "
        "SELECT v.id, o.programme_id FROM offer_version v JOIN offer o ON o.id = v.offer_id"
    )
    op.execute(
        "UPDATE offer_theme SET note = (SELECT v.source FROM offer_version v "
        "WHERE v.id = offer_theme.version_id)"
    )


def downgrade() -> None:
    """A draft that is not complete gets what a complete version needs: it is marked as such."""
    op.execute("UPDATE offer_version SET title = 'Not written yet' WHERE title = ''")
    op.execute("UPDATE offer_version SET what_we_do = 'Not written yet' WHERE what_we_do = ''")
    op.execute("UPDATE offer_version SET delivery = 'either' WHERE delivery IS NULL")
    op.execute("UPDATE offer_version SET days_least = 1 WHERE days_least IS NULL")
    op.execute("UPDATE offer_version SET days_most = days_least WHERE days_most IS NULL")
    with op.batch_alter_table("offer_version", schema=None) as batch_op:
        batch_op.add_column(sa.Column("source", sa.String(length=400), nullable=True))
        for name in ("complete", "open", "commitment"):
            batch_op.drop_constraint(op.f(f"ck_offer_version_{name}"), type_="check")
        for name in ("lead_id", "deputy_id"):
            batch_op.drop_constraint(op.f(f"fk_offer_version_{name}_person"), type_="foreignkey")
            batch_op.drop_column(name)
        for name in (
            *LISTS,
            "commitment_months",
            "backfill",
            "open_from",
            "open_until",
            "helped_before",
            "handed_over_at",
        ):
            batch_op.drop_column(name)
        batch_op.alter_column("delivery", existing_type=sa.String(40), nullable=False)
        batch_op.alter_column("days_least", existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column("days_most", existing_type=sa.Integer(), nullable=False)
    op.execute(
        "UPDATE offer_version SET source = (SELECT min(t.note) FROM offer_theme t "
        "WHERE t.version_id = offer_version.id)"
    )
    op.drop_column("offer_theme", "note")
    op.drop_column("offer_theme", "link")
    op.drop_index(op.f("ix_offer_partner_authority_id"), table_name="offer_partner")
    op.drop_table("offer_partner")
    op.drop_index(
        op.f("ix_offer_version_programme_programme_id"), table_name="offer_version_programme"
    )
    op.drop_table("offer_version_programme")
