"""What was attended: organised activities, which award credits by calling ``credits.ledger``.

The app has no tables yet. It stands here because the import contract already knows its place: above ``credits``, whose ledger
it will post to, and below ``audits``, which will look at both.
"""
