"""The API described from its table: the OpenAPI 3.1 document, and docs/api.md."""

from __future__ import annotations

from typing import Any

from broker.api.problems import WORDS
from broker.api.resources import LARGEST, MOST, RESOURCES, USUAL, Field, Filter, Resource, Schema
from broker.pace import PROGRAMS

PROBLEM: Schema = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What is wrong, in words."},
    },
}
PAGING = (
    Filter(
        "after",
        "Begin after the record with this number. 'next' of an answer leads on.",
        {"type": "integer", "minimum": 0, "maximum": LARGEST, "default": 0},
    ),
    Filter(
        "limit",
        f"How many records, at most {MOST}.",
        {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL},
    ),
)
NUMBER: Schema = {"type": "integer", "minimum": 1, "maximum": LARGEST}


def document() -> Schema:
    """The OpenAPI document."""
    paths: Schema = {}
    for one in RESOURCES:
        paths[f"/api/v1/{one.name}"] = {"get": _list(one)}
        paths[f"/api/v1/{one.name}/{{id}}"] = {"get": _single(one)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Support Exchange",
            "version": "1",
            "description": "Read only. Offers are public; a programme's returns, days and "
            "partnerships need a token that its managers make.",
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {"problem": PROBLEM, **{one.one: _record(one) for one in RESOURCES}},
        },
    }


def _list(resource: Resource) -> Schema:
    page = {
        "type": "object",
        "required": ["items", "next"],
        "properties": {
            "items": {"type": "array", "items": _ref(resource.one)},
            "next": {
                "type": ["string", "null"],
                "description": "The address of the records that follow; null: these are the last.",
            },
        },
    }
    asked = [_parameter(one) for one in (*PAGING, *resource.filters)]
    return _operation(resource, resource.name, asked, page, (400, 406, 429, 500))


def _single(resource: Resource) -> Schema:
    number = {"name": "id", "in": "path", "required": True, "schema": NUMBER}
    number["description"] = f"The number of the {resource.one}."
    return _operation(resource, resource.one, [number], _ref(resource.one), (404, 406, 429, 500))


def _operation(
    resource: Resource, name: str, asked: list[Schema], body: Schema, wrong: tuple[int, ...]
) -> Schema:
    private = (401, 403) if resource.scope else ()
    return {
        "operationId": name,
        "summary": resource.words,
        "security": [{"token": []}] if resource.scope else [],
        "parameters": asked,
        "responses": {
            "200": {
                "description": "What was asked for.",
                "headers": {"ETag": {"schema": {"type": "string"}}},
                "content": {"application/json": {"schema": body}},
            },
            "304": {"description": "The same as named in If-None-Match."},
            **{str(status): _problem(status) for status in sorted((*wrong, *private))},
        },
    }


def _problem(status: int) -> Schema:
    content = {"application/problem+json": {"schema": _ref("problem")}}
    return {"description": WORDS[status], "content": content}


def _parameter(one: Filter) -> Schema:
    return {"name": one.name, "in": "query", "description": one.meaning, "schema": one.schema}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _record(resource: Resource) -> Schema:
    names = [one.column.name for one in resource.fields]
    return {
        "type": "object",
        "description": resource.words,
        "required": names,
        "additionalProperties": False,
        "properties": {one.column.name: one.schema for one in resource.fields},
    }


# -- docs/api.md ------------------------------------------------------------------------------


def api_page() -> str:
    """The API in words, as Markdown."""
    parts = [
        "# The API\n\n",
        "Read only, over HTTP, as JSON. `GET /api/v1/openapi.json` describes it for programs "
        "(OpenAPI 3.1). Figures are those of the screen, the exports and the pack.\n\n",
        "- **Token.** Offers are public. All else belongs to a programme: its managers make a "
        "token on the programme's page 'Tokens for data teams', with what it may read and until "
        "when, at most a year. Send it as `Authorization: Bearer sx_...`. It is shown once; only "
        "its SHA-256 is kept. A session's cookie opens nothing here.\n",
        f"- **Pages.** Lists come in the order of their numbers, {USUAL} at a time (`limit`, at "
        f"most {MOST}). `next` is the address of those that follow, null on the last page. What is "
        "added meanwhile comes at the end; nothing comes twice.\n",
        "- **Asking again.** Every answer has an ETag. With `If-None-Match`, what has not changed "
        "is answered with 304 and no body.\n",
        f"- **Pace.** {PROGRAMS.most} requests a minute for each token, or for each address "
        "without one.\n",
        "- **Left out.** Needs, conversations, matches, words that no director has certified, "
        "free text about days, and anything about persons.\n",
        "\n## When something is wrong\n\nEvery answer under `/api/` that is not a success is "
        "`application/problem+json` with `type`, `title`, `status` and `detail`.\n\n",
        "| Status | Means |\n| --- | --- |\n",
        *(f"| {status} | {words} |\n" for status, words in WORDS.items()),
    ]
    for one in RESOURCES:
        parts += _section(one)
    return "".join(parts)


def _section(resource: Resource) -> list[str]:
    needs = f"Scope `{resource.scope.value}`." if resource.scope else "Public."
    asked = (*PAGING, *resource.filters)
    return [
        f"\n## {resource.name.capitalize()}\n\n{resource.words} {needs}\n\n",
        f"`GET /api/v1/{resource.name}` · `GET /api/v1/{resource.name}/ID`\n\n",
        "| Parameter of the list | Means |\n| --- | --- |\n",
        *(f"| {one.name} | {one.meaning} |\n" for one in asked),
        "\n| Field | Type | Means |\n| --- | --- | --- |\n",
        *(f"| {f.column.name} | {_type(f)} | {f.column.meaning} |\n" for f in resource.fields),
    ]


def _type(field: Field) -> Any:
    return f"{field.kind} or null" if field.is_nullable else field.kind
