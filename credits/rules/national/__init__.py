"""The national measures (国卫办科教发〔2024〕20号), read through the Beijing office's text.

第一部分 (25 credits a year), 第二部分 (kinds of activity), 第三部分 (credit standards): `standards.py`.
第四部分 (registration and management), 第五部分 (what provinces settle): `procedure.py`, `clauses.py`.
"""

from credits.rules.national.procedure import PROCEDURE
from credits.rules.national.standards import NATIONAL

REGULATION = NATIONAL.amended(procedure=PROCEDURE)
