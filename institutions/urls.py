"""Addresses of the officers' pages and of what everybody signed in has: seats and notifications."""

from django.urls import path

from institutions import (
    account_views,
    body_views,
    inbox_views,
    journal_views,
    overdue_views,
    people_views,
    post_views,
    seat_views,
)

urlpatterns = [
    path("inbox/", inbox_views.show, name="inbox"),
    path("inbox/approve/", inbox_views.approve_many, name="inbox-approve"),
    path("inbox/undo/", inbox_views.undo, name="inbox-undo"),
    path("inbox/overdue/", overdue_views.index, name="inbox-overdue"),
    path("inbox/export/", inbox_views.export, name="inbox-export"),
    path("inbox/filters/", inbox_views.keep_filter, name="inbox-filter-keep"),
    path("inbox/filters/<int:filter_id>/discard/", inbox_views.discard_filter, name="inbox-filter-discard"),
    path("inbox/<int:approval_id>/", inbox_views.show, name="inbox-panel"),
    path("inbox/<int:approval_id>/decide/", inbox_views.decide, name="inbox-decide"),
    path("people/", people_views.index, name="people"),
    path("people/new/", people_views.register, name="person-new"),
    path("people/transfer/", people_views.transfer, name="person-transfer"),
    path("people/<int:practitioner_id>/", people_views.person, name="person"),
    path("people/<int:practitioner_id>/edit/", people_views.correct, name="person-edit"),
    path("people/<int:practitioner_id>/employment/", people_views.employ, name="person-employ"),
    path("people/<int:practitioner_id>/employment/start/", people_views.correct_start, name="person-start"),
    path("people/<int:practitioner_id>/leaving/", people_views.leave, name="person-leave"),
    path(
        "people/<int:practitioner_id>/leaving/take-back/", people_views.take_back_leaving, name="person-leave-take-back"
    ),
    path("people/<int:practitioner_id>/title/", people_views.promote, name="person-title"),
    path("people/<int:practitioner_id>/account/", people_views.open_account, name="person-account"),
    path("people/<int:practitioner_id>/account/edit/", account_views.of_person, name="person-account-edit"),
    path("people/<int:practitioner_id>/national-id/", people_views.reveal, name="person-reveal"),
    path("bodies/", body_views.index, name="bodies"),
    path("bodies/new/", body_views.found, name="body-new"),
    path("bodies/<int:institution_id>/", body_views.body, name="body"),
    path("bodies/<int:institution_id>/edit/", body_views.correct, name="body-edit"),
    path("bodies/<int:institution_id>/close/", body_views.close, name="body-close"),
    path("posts/", post_views.index, name="posts"),
    path("posts/new/", post_views.appoint, name="post-new"),
    path("posts/account/", post_views.open_account, name="post-account"),
    path("posts/<int:post_id>/account/", account_views.of_post, name="post-account-edit"),
    path("posts/<int:post_id>/end/", post_views.end, name="post-end"),
    path("journal/", journal_views.index, name="journal"),
    path("seat/", seat_views.switch, name="seat-switch"),
    path("notifications/", seat_views.notifications, name="notifications"),
    path("notifications/read/", seat_views.read_all, name="notifications-read"),
    path("notifications/<int:notification_id>/", seat_views.open_notification, name="notification-open"),
]
