"""The REST API's ground: one way to list and read a noun, to do its verbs once, and to refuse."""

from kunshan_edu.core.api.inbox import Notifications
from kunshan_edu.core.api.nouns import Noun, creates, verbs
from kunshan_edu.core.api.pages import Pages
from kunshan_edu.core.api.problems import problem
from kunshan_edu.core.api.reference import SchemaDocument, reference
from kunshan_edu.core.api.shapes import Choice, Id, Offers, Ref, Yuan, seen_as
from kunshan_edu.core.api.tokens import Tokens

ENDPOINTS = (("notifications", Notifications),)

__all__ = [
    "ENDPOINTS",
    "Choice",
    "Id",
    "Notifications",
    "Noun",
    "Offers",
    "Pages",
    "Ref",
    "SchemaDocument",
    "Tokens",
    "Yuan",
    "creates",
    "problem",
    "reference",
    "seen_as",
    "verbs",
]
