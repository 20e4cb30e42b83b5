"""The viewer of evidence: reads an address, never fails on an old one."""

import pytest

from cme_portal.foundation.viewer import Document, Viewer, opened

DOCUMENTS = [Document("7", "考勤表.jpg", 1), Document("9", "通知.pdf", 3)]


def view(**query: str) -> Viewer:
    viewer = opened(DOCUMENTS, query, image_url=lambda document, page, turn: f"/{document.key}/{page}/{turn}")
    assert viewer is not None
    return viewer


def test_nothing_to_show() -> None:
    assert opened([], {}, image_url=lambda *_: "") is None


def test_the_first_page_of_the_first_document_stands_at_the_beginning() -> None:
    assert view().image_url == "/7/1/0"
    assert (view().previous_page, view().next_page) == (None, None)


def test_the_address_names_document_page_turn_and_size() -> None:
    viewer = view(document="9", page="2", rotate="270", zoom="150")
    assert viewer.image_url == "/9/2/270"
    assert (viewer.previous_page, viewer.next_page) == (1, 3)
    assert (viewer.smaller, viewer.larger) == (100, 200)
    assert viewer.turned == 0


@pytest.mark.parametrize("page", ["0", "4", "-1", "x", "９", "9" * 5000])
def test_an_address_that_does_not_fit_shows_the_first_page(page: str) -> None:
    assert view(document="9", page=page, zoom=page, rotate=page).image_url == "/9/1/0"


def test_a_removed_document_shows_the_first_one() -> None:
    assert view(document="8").document.key == "7"
