"""Addresses of credits: the practitioner's pages, the evidence of claims, and what anybody may open."""

from django.urls import include, path

from credits import claim_form_views, claim_views, home_views, statement_views

urlpatterns = [
    path("credits/", home_views.home, name="practitioner-home"),
    path("credits/statement/<int:year>/", statement_views.statement, name="statement"),
    path("people/<int:practitioner_id>/credits/<int:year>/", statement_views.person_statement, name="person-statement"),
    path("credits/entries/<int:entry_id>/reverse/", statement_views.reverse_entry, name="entry-reverse"),
    path("claims/", claim_views.claims_list, name="claims"),
    path("claims/new/", claim_form_views.new, name="claim-new"),
    path("claims/<int:claim_id>/", claim_views.claim, name="claim"),
    path("claims/<int:claim_id>/edit/", claim_form_views.edit, name="claim-edit"),
    path("claims/<int:claim_id>/save/", claim_form_views.save, name="claim-save"),
    path("claims/<int:claim_id>/preview/", claim_form_views.preview, name="claim-preview"),
    path("claims/<int:claim_id>/withdraw/", claim_views.withdraw, name="claim-withdraw"),
    path("claims/<int:claim_id>/discard/", claim_form_views.discard, name="claim-discard"),
    path("", include("credits.urls_public")),
    path("", include("credits.urls_evidence")),
    path("", include("credits.urls_review")),
]
