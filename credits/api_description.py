"""The OpenAPI description of the assessment, made from the vocabulary of the rules."""

from functools import cache
from typing import Any

from credits.rules import FACTS, JURISDICTIONS, TITLES, Fact
from credits.rules.facts import IN_TRAINING

CREDITS = {"type": "string", "pattern": r"^\d+\.\d$", "example": "8.0"}
KINDS: dict[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "choice": {"type": "string"},
    "decimal": {"type": ["string", "number"], "description": 'an exact decimal, e.g. "4.5"'},
    "integer": {"type": "integer"},
    "year": {"type": "integer"},
    "date": {"type": "string", "format": "date"},
    "flag": {"type": "boolean"},
}


def openapi(server: str) -> dict[str, Any]:
    """OpenAPI 3.1 of POST /api/v1/assessments/ as served at ``server``."""
    return {**_description(), "servers": [{"url": server}]}


@cache
def _description() -> dict[str, Any]:
    request, answer, errors = ({"$ref": f"#/components/schemas/{name}"} for name in ("Request", "Answer", "Errors"))
    return {
        "openapi": "3.1.0",
        "info": {"title": "Assessment of continuing medical education credits", "version": "1"},
        "paths": {
            "/api/v1/assessments/": {
                "post": {
                    "summary": "What a practitioner's year is worth, and why; nothing is stored",
                    "requestBody": {"required": True, "content": _json(_one_or_many(request))},
                    "responses": {
                        "200": {
                            "description": "the answer, or a list of answers",
                            "content": _json(_one_or_many(answer)),
                        },
                        "400": {"description": "every wrong field with a sentence", "content": _json(errors)},
                        "413": {"description": "more than 1 MB"},
                        "429": {"description": "too many requests from this address; see Retry-After"},
                    },
                }
            }
        },
        "components": {"schemas": _schemas()},
    }


def _schemas() -> dict[str, Any]:
    residency = {
        "oneOf": [
            {"type": "null"},
            {"const": IN_TRAINING},
            _object({"completed": KINDS["date"]}, required=["completed"]),
        ]
    }
    practitioner = _object(
        {
            "title": {"type": "string", "enum": list(TITLES)},
            "primary_care": {"type": "boolean", "default": False},
            "licensed": {"type": "boolean", "default": True},
            "residency": residency,
        },
        required=["title"],
    )
    because = _object(
        {"clause": KINDS["text"], "text": KINDS["text"], "reading": KINDS["text"]}, required=["clause", "text"]
    )
    error = _object({"field": KINDS["text"], "message": KINDS["text"], "allowed": _list_of(KINDS["text"])})
    line = _object({"id": KINDS["text"], "earned": CREDITS, "counted": CREDITS, "because": _list_of(because)})
    return {
        "Request": _object(
            {
                "jurisdiction": {"type": "string", "enum": list(JURISDICTIONS)},
                "year": {"type": "integer"},
                "practitioner": practitioner,
                "activities": _list_of({"$ref": "#/components/schemas/Activity"}),
            },
            required=["jurisdiction", "year", "practitioner", "activities"],
        ),
        "Activity": _object({name: _fact(fact) for name, fact in FACTS.items()}, required=["id", "category"]),
        "Answer": _object(
            {
                "total": CREDITS,
                "professional": CREDITS,
                "common": CREDITS,
                "full_year": {"type": "boolean"},
                "compliant": {"type": ["boolean", "null"]},
                "unmet": _list_of(KINDS["text"]),
                "by_category": {"type": "object", "additionalProperties": CREDITS},
                "activities": _list_of(line),
            }
        ),
        "Errors": _object({"errors": _list_of(error)}),
    }


def _fact(fact: Fact) -> dict[str, Any]:
    codes = {"enum": list(fact.choices)} if fact.choices else {}
    return {**KINDS[fact.kind], **codes, "title": fact.label}


def _object(properties: dict[str, Any], *, required: list[str] | None = None) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "properties": properties, "required": required or []}


def _list_of(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _one_or_many(schema: dict[str, Any]) -> dict[str, Any]:
    return {"oneOf": [schema, _list_of(schema)]}


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}
