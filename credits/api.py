"""The assessment for programs: the contract of the command line and the calculator over HTTP. It stores nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from rest_framework.exceptions import APIException
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from cme_portal.foundation.limits import Limit, LimitUnknown, TooManyRequests
from credits.api_description import openapi
from credits.rules.checks import FieldError
from credits.rules.contract import RequestError, assess_json, loads
from institutions.access import public

MOST_BYTES = 1024 * 1024
MOST_REQUESTS = 100
MOST_ACTIVITIES = 500


class TooLarge(APIException):
    status_code = 413
    default_detail = "请求超过 1 MB，请分成几次发送。"


class ExactJSONParser(BaseParser):
    """JSON whose figures stay exact; a name given twice or a figure such as NaN is an error."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        content = stream.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise TooLarge
        try:
            return loads(content.decode())
        except UnicodeDecodeError as error:
            raise RequestError([FieldError("", "请求应为 UTF-8 编码的 JSON")]) from error


class Unavailable(APIException):
    status_code = 503
    default_detail = str(LimitUnknown())


class AssessmentThrottle(BaseThrottle):
    """So many calls from one address, as on the other public pages; a list of requests counts once."""

    limit = Limit("assessments", times=60, seconds=60)

    def allow_request(self, request: Request, view: APIView) -> bool:
        try:
            self.limit.count(request._request)  # noqa: SLF001 - DRF's own way to Django's request
        except TooManyRequests:
            return False
        except LimitUnknown as unknown:
            raise Unavailable from unknown
        return True

    def wait(self) -> float:
        return self.limit.seconds


class Assessments(APIView):
    """POST one request, or a list of them, of the assessment contract (docs/api.md)."""

    authentication_classes = ()
    permission_classes = ()
    parser_classes = (ExactJSONParser,)
    throttle_classes = (AssessmentThrottle,)

    def post(self, request: Request) -> Response:
        try:
            data = request.data
            refuse_too_much(data)
            return Response(assess_json(data))
        except RequestError as wrong:
            return Response(wrong.as_json(), status=400)


def refuse_too_much(data: object) -> None:
    """Raise RequestError for a list, or activities of one request, beyond what is answered at once."""
    requests = data if isinstance(data, list) else [data]
    if len(requests) > MOST_REQUESTS:
        raise RequestError([FieldError("", f"一次最多 {MOST_REQUESTS} 份请求，请分成几次发送")])
    for place, entry in enumerate(requests):
        activities = entry.get("activities") if isinstance(entry, dict) else None
        if isinstance(activities, list) and len(activities) > MOST_ACTIVITIES:
            field = f"[{place}].activities" if isinstance(data, list) else "activities"
            raise RequestError([FieldError(field, f"一份请求最多 {MOST_ACTIVITIES} 项活动")])


assessments = csrf_exempt(public(Assessments.as_view()))


@public
@require_safe
def description(request: HttpRequest) -> JsonResponse:
    """The OpenAPI description of the assessment."""
    return JsonResponse(openapi(request.build_absolute_uri("/").rstrip("/")))
