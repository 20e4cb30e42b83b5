"""Beijing: the national measures with what the city's office adds.

北京思路3 (district projects): `standards.py`. 第四部分 括注 (the city's inspection system), 问题咨询 (three tiers), the
rest of 北京思路: `procedure.py`, `clauses.py`.
"""

from credits.rules.beijing.procedure import PROCEDURE
from credits.rules.beijing.standards import BEIJING

REGULATION = BEIJING.amended(procedure=PROCEDURE)
