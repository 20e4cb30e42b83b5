"""Beijing: the national standards, with district projects (北京思路3). The city's own measures are a draft."""

from datetime import date

from credits.rules.language import SUPPLEMENT_DRAFT, Item
from credits.rules.national.standards import NATIONAL, PROJECT
from credits.rules.terms import by, per_hours, published

BEIJING = NATIONAL.amended(
    code="beijing",
    name="北京市",
    title="继续医学教育学分管理办法（试行）与北京市的补充要求",
    version="beijing-2025.1",
    status=SUPPLEMENT_DRAFT,
    in_force=date(2025, 1, 1),
    categories=(
        PROJECT.amended(
            items=(
                # R22: the published figure; where a district publishes none, hours at the uniform rate under the same caps.
                Item(
                    "district",
                    "区级推荐项目",
                    cite="beijing 北京思路3",
                    readings=("R22",),
                    award=by(
                        "role", attendee=published(per_hours(3), named_first=True), speaker=per_hours(1, credits=2)
                    ),
                ),
            ),
        ),
    ),
)
