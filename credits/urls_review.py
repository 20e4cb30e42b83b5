"""Addresses of what only the reviewer of a claim does."""

from django.urls import path

from credits import review_views

urlpatterns = [
    path("claims/<int:claim_id>/amount/", review_views.assess_amount, name="claim-amount"),
]
