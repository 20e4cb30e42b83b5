"""What a claim form calls an activity and who stands behind it: a paper has a title and a journal, no organiser."""

from typing import Final, NamedTuple


class Names(NamedTuple):
    """Labels for two fields of a claim."""

    activity_name: str
    organizer: str


ACTIVITY: Final = Names("活动名称", "组织单位")
PROJECT: Final = Names("项目名称", "举办单位")
STUDY_LEAVE: Final = Names("进修或培训名称", "接收单位")
DEGREE: Final = Names("所学专业", "就读院校")
GOVERNMENT_TASK: Final = Names("任务名称", "派出单位")
SELF_STUDY: Final = Names("自学内容", "学习平台或资料来源")
TEACHING: Final = Names("授课或带教内容", "所在单位")
EXAM: Final = Names("考试名称", "主办单位")
GUIDELINE: Final = Names("指南或共识名称", "发布单位")
BOOK: Final = Names("书名", "出版社")
REPORT: Final = Names("报告题目", "采纳单位")
PAPER: Final = Names("论文题目", "刊物名称")
TRANSLATION: Final = Names("译文题目", "刊物名称")
RESEARCH: Final = Names("课题名称", "立项单位")
AWARD: Final = Names("获奖成果名称", "授奖单位")
PATENT: Final = Names("专利名称", "授权机关")
PATENT_OR_STANDARD: Final = Names("专利、标准或指南名称", "授权或批准单位")
OUTREACH: Final = Names("作品或宣教活动名称", "发布或组织单位")
COMPETITION: Final = Names("竞赛名称", "主办单位")
