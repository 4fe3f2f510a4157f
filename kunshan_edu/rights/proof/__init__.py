"""The proof: every door of the site, walked by everybody in a small world, against the matrix of rights.

`manage.py prove_rights` runs it. It is a tool of developers and of CI: it stands on the small world of the tests, in
databases of its own that it throws away.
"""
