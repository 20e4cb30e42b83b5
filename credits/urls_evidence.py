"""Addresses of evidence."""

from django.urls import path

from credits import evidence_views

urlpatterns = [
    path("claims/<int:claim_id>/evidence/", evidence_views.upload, name="evidence-upload"),
    path("claims/<int:claim_id>/evidence/<slug:item>/", evidence_views.upload, name="evidence-upload"),
    path("evidence/<int:evidence_id>/file/", evidence_views.file, name="evidence-file"),
    path("evidence/<int:evidence_id>/pages/<int:number>/", evidence_views.page, name="evidence-page"),
    path("evidence/<int:evidence_id>/status/", evidence_views.status, name="evidence-status"),
    path("evidence/<int:evidence_id>/remove/", evidence_views.remove, name="evidence-remove"),
]
