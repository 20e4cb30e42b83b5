"""Sichuan: operating guide for CME activities (2025).

一 (25 credits a year), （一） of 三 to 九 (credit standards), 五, 十, 十一 (apprenticeship, other ways, making up):
`standards.py`.
Ways of applying and recording, evidence: `procedure.py`, `projects.py`, `evidence.py`, `clauses.py`.
"""

from credits.rules.sichuan.procedure import PROCEDURE
from credits.rules.sichuan.standards import SICHUAN

REGULATION = SICHUAN.amended(procedure=PROCEDURE)
