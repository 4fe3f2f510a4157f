"""The REST API's ground: one way to list and read a noun, to do its verbs once, and to refuse.

Here only what the settings name: Django REST framework imports it while its own views are still being read.
"""

from kunshan_edu.core.api.pages import Pages
from kunshan_edu.core.api.problems import problem

__all__ = ["Pages", "problem"]
