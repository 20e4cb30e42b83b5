"""Which page of which piece of evidence is shown, and how: read from the query string, shown by evidence_viewer.html.

The server draws the pages (WebP): a file that a stranger uploaded is never opened by the officer's browser.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

ZOOMS = (100, 150, 200, 300)
QUARTERS = (0, 90, 180, 270)


@dataclass(frozen=True, slots=True)
class Document:
    """A piece of evidence: ``key`` stands in the address, ``pages`` is the number of drawn pages."""

    key: str
    name: str
    pages: int
    open_url: str = ""


@dataclass(frozen=True, slots=True)
class Viewer:
    """What is on show; ``image_url`` is the address of the drawn page, turned by ``rotation`` degrees."""

    documents: Sequence[Document]
    document: Document
    page: int
    zoom: int
    rotation: int
    image_url: str

    @property
    def pages(self) -> int:
        return self.document.pages

    @property
    def open_url(self) -> str:
        return self.document.open_url

    @property
    def previous_page(self) -> int | None:
        return self.page - 1 if self.page > 1 else None

    @property
    def next_page(self) -> int | None:
        return self.page + 1 if self.page < self.pages else None

    @property
    def larger(self) -> int | None:
        return next((zoom for zoom in ZOOMS if zoom > self.zoom), None)

    @property
    def smaller(self) -> int | None:
        return next((zoom for zoom in reversed(ZOOMS) if zoom < self.zoom), None)

    @property
    def turned(self) -> int:
        return (self.rotation + 90) % 360


def opened(
    documents: Sequence[Document],
    query: Mapping[str, str],
    *,
    image_url: Callable[[Document, int, int], str],
) -> Viewer | None:
    """The viewer for the ``document``, ``page``, ``zoom`` and ``rotate`` of a query string; None without documents.

    A value that does not fit (an old link, a removed document) means the first document, page 1, 100 %, upright.
    ``image_url(document, page, rotation)`` gives the address of a drawn page.
    """
    if not documents:
        return None
    document = next((known for known in documents if known.key == query.get("document")), documents[0])
    page = _one_of(query.get("page"), range(1, document.pages + 1), otherwise=1)
    zoom = _one_of(query.get("zoom"), ZOOMS, otherwise=100)
    rotation = _one_of(query.get("rotate"), QUARTERS, otherwise=0)
    return Viewer(documents, document, page, zoom, rotation, image_url(document, page, rotation))


def _one_of(text: str | None, values: Sequence[int], *, otherwise: int) -> int:
    return next((value for value in values if str(value) == text), otherwise)
