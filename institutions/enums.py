"""The vocabulary of bodies and people."""

from django.db import models


class Tier(models.TextChoices):
    """Where a body stands in the tree of its province."""

    PROVINCE = "province", "省级卫生健康行政部门"
    PROVINCE_OFFICE = "province_office", "省继教办"
    CITY = "city", "市级卫生健康行政部门"
    COUNTY = "county", "县（区）级卫生健康行政部门"
    UNIT = "unit", "用人单位"
    DEPARTMENT = "department", "科室"


class Kind(models.TextChoices):
    COMMISSION = "commission", "卫生健康委员会"
    CME_OFFICE = "cme_office", "继续医学教育办公室"
    TCM_ADMINISTRATION = "tcm_administration", "中医药管理局"
    HOSPITAL = "hospital", "医院"
    UNIVERSITY_HOSPITAL = "university_hospital", "大学附属医院"
    TOWNSHIP_HEALTH_CENTRE = "township_health_centre", "乡镇卫生院"
    VILLAGE_CLINIC = "village_clinic", "村卫生室"
    COMMUNITY_HEALTH_CENTRE = "community_health_centre", "社区卫生服务中心（站）"
    DISEASE_CONTROL = "disease_control", "疾病预防控制中心"
    SOCIETY = "society", "社会组织"
    HOSPITAL_OFFICE = "hospital_office", "高校医院管理处"
    DEPARTMENT = "department", "科室"


class Affiliation(models.TextChoices):
    """To whom a body belongs; all but ``local`` go straight to the province (routes: ``provincial_direct``)."""

    LOCAL = "local", "市县属单位"
    PROVINCIAL = "provincial", "省直单位"
    CENTRAL = "central", "中央在本省单位"
    MILITARY = "military", "驻本省部队医疗机构"
    SOCIETY = "society", "全省性社会组织"
    JLU = "jlu", "吉林大学所属医院"


class Title(models.TextChoices):
    JUNIOR = "junior", "初级（含士）"
    INTERMEDIATE = "intermediate", "中级"
    SENIOR = "senior", "高级"


class Role(models.TextChoices):
    """What an officer's post is for; each role stands for guardian permissions on the institution."""

    REVIEWER = "reviewer", "继续医学教育审核"
    CERTIFIER = "certifier", "学分证书签发"
    AUDITOR = "auditor", "监督审计"
    ADMINISTRATOR = "administrator", "人员与岗位管理"


class ApprovalState(models.TextChoices):
    WAITING = "waiting", "审核中"
    RETURNED = "returned", "退回补正"
    REJECTED = "rejected", "不通过"
    WITHDRAWN = "withdrawn", "已撤回"
    APPROVED = "approved", "已认定"


class Verdict(models.TextChoices):
    SUBMIT = "submit", "提交"
    APPROVE = "approve", "通过"
    RETURN = "return", "退回补正"
    REJECT = "reject", "不通过"
    WITHDRAW = "withdraw", "撤回"
    UNDO = "undo", "撤销审核"


class ChecksState(models.TextChoices):
    """What the portal's own checks of a subject found; only ``passed`` may be approved in bulk."""

    PENDING = "pending", "核验中"
    PASSED = "passed", "全部通过"
    ATTENTION = "attention", "需人工判断"
