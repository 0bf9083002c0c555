"""Pages for anybody: what this is, how it works, and whether it is running."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify
from sqlalchemy import text

from broker.db import db
from broker.printed import matching_words
from broker.web import render

bp = Blueprint("pages", __name__)


@bp.get("/")
def home() -> str:
    return render("pages/home.html")


@bp.get("/how-it-works")
def how_it_works() -> str:
    return render("pages/how_it_works.html")


@bp.get("/who-can-use-this")
def who_can_use() -> str:
    return render("pages/who_can_use.html")


@bp.get("/how-matching-decides")
def how_matching_decides() -> str:
    return render("pages/how_matching_decides.html", **matching_words())


@bp.get("/accessibility")
def accessibility() -> str:
    return render("pages/accessibility.html")


@bp.get("/privacy")
def privacy() -> str:
    return render("pages/privacy.html")


@bp.get("/sources")
def sources() -> str:
    return render("pages/sources.html")


@bp.get("/health")
def health() -> tuple[Response, int]:
    """200 with the schema's version when the database answers."""
    version: Any = db.session.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return jsonify(status="ok", schema=version), 200
