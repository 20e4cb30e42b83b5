"""Zhejiang: questions and answers on CME, in force from 2025-07-15, with the annex table of credits.

附件 (the table row by row), 三2 (common subject), 二 (primary care), 一 (who is a subject), 补学, 2025: `standards.py`.
Registration and granting (last column of the table), internal training, self-study's three steps: `procedure.py`, `table.py`,
`clauses.py`.
"""

from credits.rules.zhejiang.procedure import PROCEDURE
from credits.rules.zhejiang.standards import ZHEJIANG

REGULATION = ZHEJIANG.amended(procedure=PROCEDURE)
