"""What the Beijing CME office adds to the national measures."""

from credits.rules.provisions import Clause, Statement, example

CLAUSES: tuple[Clause, ...] = (
    Clause(
        "第四部分",
        "项目报备",
        "国家级和市级项目都要在本市项目督查系统报备。",
        source="beijing",
        statements=(
            Statement("B1", "国家级项目登记的同时，在北京市项目督查系统报备。"),
            Statement("B2", "市级项目至迟在举办前 2 周于该系统报备。"),
        ),
        examples=(
            example("市级项目 30 小时按统一标准计算", {"category": "project", "item": "provincial", "hours": "30"}),
        ),
    ),
    Clause(
        "第五部分",
        "基层人员",
        "本市已有基层人员和乡村医生的办法，本文本未载明内容。",
        source="beijing",
        statements=(Statement("B3", "本市已定基层人员、乡村医生的授予途径和部分标准，本文本未列出。"),),
    ),
    Clause(
        "北京思路1",
        "本市办法",
        "本市办法还是初稿。",
        source="beijing",
        statements=(Statement("B4", "本市办法为初稿：征求意见、报国家同意后执行，再开展培训。"),),
    ),
    Clause(
        "北京思路2",
        "工作方向",
        "按需求开展活动，以学分为抓手加强监管。",
        source="beijing",
        statements=(Statement("B5", "活动形式按需求设置，以学分带动监管；规范学术会议，加强宣传、指导和经验推广。"),),
    ),
    Clause(
        "北京思路3",
        "区级推荐项目",
        "各区可以设区级推荐项目，质量和数量从严控制。",
        source="beijing",
        parameters=(("2025 年数量", "不超过 2024 年实际完成数的 50%"),),
        readings=("R22", "R57"),
        statements=(Statement("B6", "各区可设区级推荐项目，质量和数量从严；2025 年不超过上一年实际完成数的一半。"),),
        examples=(
            example(
                "区级项目按公布学分授予",
                {"category": "project", "item": "district", "hours": "30", "published_credits": "6"},
            ),
        ),
    ),
    Clause(
        "问题咨询",
        "三级管理",
        "市、区、机构三级各管本地区、本机构。",
        source="beijing",
        statements=(Statement("B7", "市、区、机构三级管理，管理人员向本地区、本机构人员做好宣传解释。"),),
    ),
)
