"""What somebody signed in with, in a word or two, from what the browser says of itself."""

from django import template

register = template.Library()

# The first mark that is found names it: browsers built on another one keep that one's marks as well.
BROWSERS = {
    "MicroMessenger": "微信",
    "DingTalk": "钉钉",
    "QQBrowser": "QQ 浏览器",
    "UCBrowser": "UC 浏览器",
    "HuaweiBrowser": "华为浏览器",
    "MiuiBrowser": "小米浏览器",
    "Edg": "Edge",
    "OPR/": "Opera",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "HarmonyOS": "HarmonyOS",
    "OpenHarmony": "HarmonyOS",
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS X": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


@register.filter
def device(user_agent: str) -> str:
    """Chrome，Windows; what cannot be read is said to be unknown."""
    found = (_first(BROWSERS, user_agent), _first(SYSTEMS, user_agent))
    return "，".join(filter(None, found)) or "未识别的设备"


def _first(marks: dict[str, str], user_agent: str) -> str:
    return next((name for mark, name in marks.items() if mark in user_agent), "")
