"""Addresses of the certificate office, of a holder's own certificates, and of public verification."""

from django.urls import include, path

from audits import issuing_views, views

urlpatterns = [
    path("my/certificates/", views.own, name="my-certificates"),
    path("certificates/", views.listing, name="certificates"),
    path("certificates/issue/", issuing_views.issue, name="certificate-issue"),
    path("certificates/issue/confirm/", issuing_views.confirm, name="certificate-issue-confirm"),
    path("certificates/runs/<int:run_id>/", issuing_views.run, name="certificate-run"),
    path("certificates/<int:certificate_id>/", views.detail, name="certificate"),
    path("certificates/<int:certificate_id>/download/", views.download, name="certificate-download"),
    path("certificates/<int:certificate_id>/revoke/", views.revoke, name="certificate-revoke"),
    path("certificates/<int:certificate_id>/reissue/", views.reissue, name="certificate-reissue"),
    path("", include("audits.urls_public")),
]
