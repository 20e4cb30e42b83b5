"""Addresses anybody may ask. `v/<number>` stands in the QR code of every certificate, and must stay for good."""

from django.urls import path

from audits import public_views

urlpatterns = [
    path("verify/", public_views.verify, name="verify"),
    path("verify/file/", public_views.verify_upload, name="verify-upload"),
    path("v/<str:number>", public_views.verify_number, name="verify-number"),
    path("en/verify/", public_views.verify, {"english": True}, name="verify-english"),
    path("en/verify/file/", public_views.verify_upload, {"english": True}, name="verify-upload-english"),
    path("en/v/<str:number>", public_views.verify_number, {"english": True}, name="verify-number-english"),
]
