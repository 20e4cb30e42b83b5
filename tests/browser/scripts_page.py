"""Two small pages on which the scripts are tried alone: a form with the evidence uploader, and a list to review."""

from datetime import UTC, datetime

from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template import RequestContext, Template
from django.urls import include, path
from django.views.decorators.http import require_POST

from cme_portal.urls import urlpatterns as portal
from credits.evidence_rows import Row, refused_row

UPLOAD = """{% extends "base.html" %}{% load static %}{% block title %}上传{% endblock %}
{% block head %}<script src="{% static 'js/upload.js' %}" type="module"></script>{% endblock %}
{% block main %}<h1>上传</h1><form method="post" enctype="multipart/form-data">{% csrf_token %}
{% include "credits/parts/evidence_group.html" %}<button type="submit">提交</button></form>{% endblock %}"""

REVIEW = """{% extends "base.html" %}{% load static %}{% block title %}审核{% endblock %}
{% block head %}<script src="{% static 'js/queue.js' %}" type="module"></script>{% endblock %}
{% block main %}<h1>审核</h1><section id="queue"><table><tbody>
<tr><td><input type="checkbox" data-select-all aria-label="全选"></td><td></td></tr>
{% for name, tenths, flagged in rows %}<tr data-row="{{ name }}" {% if flagged %}data-flagged{% endif %}>
<td><input type="checkbox" name="selected" data-tenths="{{ tenths }}" aria-label="选择 {{ name }}"></td>
<td><a href="/review/{{ name }}/" data-row-link
hx-get="/review/{{ name }}/" hx-target="#side" hx-swap="outerHTML">{{ name }}</a></td></tr>{% endfor %}</tbody></table>
<div data-bulk hidden><span data-count></span> 条 <span data-credits></span> 学分<span data-skipped></span>
<button type="button" data-clear>取消</button><button type="submit" data-bulk-submit>批量通过</button></div></section>
{% include side %}
<dialog id="approve" aria-label="通过">已通过</dialog><dialog id="return" aria-label="退回">已退回</dialog>
<dialog id="shortcuts" aria-label="快捷键"><label><input type="checkbox" data-shortcuts-on> 启用</label>
<button type="button" data-close>关闭</button></dialog>
<label for="search">搜索</label><input id="search">{% endblock %}"""


SIDE = """<aside id="side" data-shows="{{ shown }}"><h2>{{ shown }}</h2>
<label for="reason">意见</label><textarea id="reason" data-reason></textarea>
<button type="button" data-act="approve" data-open="approve">通过</button>
<button type="button" data-act="return" data-open="return">退回</button></aside>"""


def upload_page(request: HttpRequest) -> HttpResponse:
    names = [upload.name for upload in request.FILES.getlist("files-notice")]
    if names:
        return HttpResponse("、".join(names))
    document = {"code": "notice", "title": "培训通知", "required": True, "note": ""}
    values = {
        "group": {"document": document, "upload_url": "/one-file/", "rows": []},
        "field": {"errors": [], "help_text": ""},
        "limit": 2 * 1024 * 1024,
    }
    return HttpResponse(Template(UPLOAD).render(RequestContext(request, values)))


@require_POST
def one_file(request: HttpRequest) -> HttpResponse:
    """Takes pictures, refuses anything called .exe as the portal would, and fails once for a name with "fail".

    What is called "kept" cannot be removed any more.
    """
    upload = request.FILES["file"]
    if upload.name.startswith("fail") and cache.add("failed-once", value=True):
        return HttpResponse(status=503)
    if upload.name.endswith(".exe"):
        item, status = refused_row(upload.name, "不是图片或 PDF，请重新选择。"), 422
    else:
        at = datetime(2026, 11, 20, tzinfo=UTC)
        remove = "/refuse/" if upload.name.startswith("kept") else "/remove/"
        item = Row(upload.name, size=upload.size, at=at, view_url="/", replace_url="/one-file/", remove_url=remove)
        status = 200
    row = Template('{% include "parts/evidence_item.html" %}').render(RequestContext(request, {"item": item}))
    return HttpResponse(row, status=status)


@require_POST
def remove(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("")


@require_POST
def refuse(_request: HttpRequest) -> HttpResponse:
    raise PermissionDenied("依据同一份材料，不能移除。")


def review_page(request: HttpRequest) -> HttpResponse:
    rows = [("王思远", 64, False), ("陈立", 160, True), ("赵一鸣", 50, False)]
    values = {"rows": rows, "shown": "王思远", "side": Template(SIDE)}
    return HttpResponse(Template(REVIEW).render(RequestContext(request, values)))


def review_side(request: HttpRequest, name: str) -> HttpResponse:
    return HttpResponse(Template(SIDE).render(RequestContext(request, {"shown": name})))


urlpatterns = [
    path("upload/", upload_page),
    path("one-file/", one_file),
    path("remove/", remove),
    path("refuse/", refuse),
    path("review/", review_page),
    path("review/<str:name>/", review_side),
    path("", include(portal)),
]
