"""Addresses that anybody may open: the regulations, the calculator, the assessment for programs."""

from django.urls import path

from credits import api, calculator, regulation_pages

urlpatterns = [
    path("regulation/", regulation_pages.regulation, name="regulation"),
    path("regulations/", regulation_pages.regulations, name="regulations"),
    path("regulations/<slug:jurisdiction>/", regulation_pages.regulation, name="regulation"),
    path("calculator/", calculator.calculator, name="calculator"),
    path("api/v1/assessments/", api.assessments, name="api-assessments"),
    path("api/v1/openapi.json", api.description, name="api-description"),
]
