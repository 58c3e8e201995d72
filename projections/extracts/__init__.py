"""Public disclosure (公开): what may leave the bureau, cut from the ledger at a position, the same bytes every time.

``templates`` says which columns each kind of notice may show, ``rows_of_*`` select them, ``extract`` puts them together
with a hash, ``linter`` stops personal data, and the writers make files of it. Source: funds.md 5, assets.md 5.3.
"""
