"""Jilin: detailed rules for CME credits (draft for comment).

一 (25 credits, 5 common and 20 professional), 二 (contents and standards), 三 (primary care): `standards.py`.
四 (registration and management), 五 (coming into force): `procedure.py`, `clauses.py`.
"""

from credits.rules.jilin.procedure import PROCEDURE
from credits.rules.jilin.standards import JILIN

REGULATION = JILIN.amended(procedure=PROCEDURE)
