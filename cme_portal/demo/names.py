"""Fictional names, the same ones on every machine."""

from __future__ import annotations

import random
from collections.abc import Iterator

SURNAMES = "王李张刘陈杨赵黄周吴徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢"
GIVEN = [
    "思远",
    "慧敏",
    "一鸣",
    "浩然",
    "晓彤",
    "雪梅",
    "建国",
    "佳怡",
    "子涵",
    "文博",
    "丽娟",
    "海燕",
    "志强",
    "春梅",
    "秀兰",
    "明哲",
    "雨桐",
    "俊杰",
    "静怡",
    "国栋",
    "晓东",
    "婷婷",
    "建华",
    "欣怡",
    "立",
    "敏",
    "洁",
    "磊",
    "娜",
    "涛",
    "芳",
    "军",
    "琳",
    "勇",
    "艳",
    "超",
    "倩",
    "鹏",
    "颖",
    "辉",
    "玲",
    "刚",
    "雯",
    "博",
    "蕾",
    "宁",
    "萍",
    "斌",
]
# Names with characters that fonts and systems tend to lack.
RARE = ("买买提·艾力", "䶮小雨", "李㛃", "王喆", "欧阳晓彤", "阿布都热合曼·吐尔逊")
PROFESSIONS = ("护理", "临床医学", "药学", "医学检验", "中医", "口腔医学", "公共卫生")


def names(seed: str) -> Iterator[str]:
    """Endless distinct names; the rare ones come early."""
    chance = random.Random(seed)  # noqa: S311 - names for a demonstration
    given: set[str] = set()
    rare = list(RARE)
    while True:
        name = rare.pop() if rare and len(given) % 6 == 5 else chance.choice(SURNAMES) + chance.choice(GIVEN)
        if name not in given:
            given.add(name)
            yield name
