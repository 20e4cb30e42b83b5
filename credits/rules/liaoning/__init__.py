"""Liaoning: implementation plan for CME credits (draft for comment).

一 (25 credits a year), 二 (kinds of activity), 三 (credit standards): `standards.py`.
四 (registration and management), 五 (coming into force): `procedure.py`, `evidence.py`, `clauses.py`, `management.py`.
"""

from credits.rules.liaoning.procedure import PROCEDURE
from credits.rules.liaoning.standards import LIAONING

REGULATION = LIAONING.amended(procedure=PROCEDURE)
