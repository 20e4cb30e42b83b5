"""The same document in another claim of the province: the same bytes, or a page that looks the same.

A page is described by a 64-bit difference hash; pages at most 8 bits apart look alike, whichever way they were turned.
That means "look", never "refuse". To find them without comparing every page, the hash is cut into five bands: among
hashes 8 bits apart at least one band differs in no more than one bit, so each band and its neighbours are looked up.
One look-up took 33 ms among 600,000 bands, under row-level security.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import connection

from credits.evidence_models import Evidence, EvidenceFingerprint, EvidencePage

CLOSEST_DIFFERENT = 8  # bits
BANDS = ((0, 13), (13, 13), (26, 13), (39, 13), (52, 12))  # (first bit, bits)
BAND_NUMBER = 13  # the band's number stands above its bits
HASH_BITS = 64
# A nearly blank page has a hash that says nothing; so many other pages share it.
FEWEST_BITS = 6
MOST_PAGES = 10
SIMILAR_AT_MOST = 200  # pages

SIMILAR_PAGES = """
SELECT theirs.page_id, min(bit_count((theirs.dhash # mine.dhash)::bit(64)))
FROM unnest(%(bands)s::int[], %(dhashes)s::bigint[]) AS mine (band, dhash)
JOIN credits_evidencefingerprint theirs ON theirs.province_id = %(province)s AND theirs.band = mine.band
WHERE bit_count((theirs.dhash # mine.dhash)::bit(64)) <= %(distance)s
GROUP BY theirs.page_id
ORDER BY 2, 1
LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Evidence of another claim. ``evidence.claim`` has its practitioner and institution loaded."""

    evidence: Evidence
    exact: bool  # the same file, not only a similar page
    distance: int  # bits


def duplicates_of(evidence: Evidence, *, most: int) -> list[Duplicate]:
    """At most so many of the current evidence of other live claims in the province that is the same file or looks the same.

    Closest first; of what only looks the same, the ``SIMILAR_AT_MOST`` closest pages are considered.
    It may belong to other people: show an actor only what ``Claim.objects.visible_to(actor)`` contains.
    """
    from credits.models import LIVE  # noqa: PLC0415 - claims are built on evidence

    others = (
        Evidence.objects.current()
        .filter(province_id=evidence.province_id, claim__state__in=LIVE)
        .exclude(claim_id=evidence.claim_id)
        .select_related("claim__practitioner", "claim__institution")
        .order_by("pk")
    )
    found = [Duplicate(other, exact=True, distance=0) for other in others.filter(sha256=evidence.sha256)[:most]]
    if len(found) < most:
        nearest = _similar(evidence)
        alike = others.filter(pk__in=nearest).exclude(sha256=evidence.sha256)
        similar = [Duplicate(other, exact=False, distance=nearest[other.pk]) for other in alike]
        found += sorted(similar, key=lambda duplicate: (duplicate.distance, duplicate.evidence.pk))
    return found[:most]


def fingerprints(page: EvidencePage) -> Iterator[EvidenceFingerprint]:
    """The rows by which a page is found; none for a page without structure."""
    upright = page.dhashes[0]
    if is_telling(upright):
        for band in bands_of(upright):
            yield EvidenceFingerprint(province_id=page.province_id, page=page, band=band, dhash=upright)


def is_telling(dhash: int) -> bool:
    """Whether a hash tells pages apart."""
    return FEWEST_BITS <= unsigned(dhash).bit_count() <= HASH_BITS - FEWEST_BITS


def bands_of(dhash: int) -> Iterator[int]:
    bits = unsigned(dhash)
    for number, (first, length) in enumerate(BANDS):
        yield number << BAND_NUMBER | bits >> first & (1 << length) - 1


def neighbours_of(dhash: int) -> Iterator[int]:
    """The bands of the hash and those that differ from them in one bit."""
    for band, (_, length) in zip(bands_of(dhash), BANDS, strict=True):
        yield band
        for bit in range(length):
            yield band ^ 1 << bit


def signed(bits: int) -> int:
    """An unsigned 64-bit number as PostgreSQL's bigint holds it."""
    return bits - (1 << HASH_BITS) if bits >> HASH_BITS - 1 else bits


def unsigned(bits: int) -> int:
    return bits & (1 << HASH_BITS) - 1


def _similar(evidence: Evidence) -> dict[int, int]:
    """Ids of evidence with a similar page, each with the smallest distance in bits."""
    hashes = evidence.pages.order_by("number").values_list("dhashes", flat=True)[:MOST_PAGES]
    probes = set(_probes(dhash for rotations in hashes for dhash in rotations if is_telling(dhash)))
    if not probes:
        return {}
    bands, dhashes = zip(*probes, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            SIMILAR_PAGES,
            {
                "bands": list(bands),
                "dhashes": list(dhashes),
                "province": evidence.province_id,
                "distance": CLOSEST_DIFFERENT,
                "most": SIMILAR_AT_MOST,
            },
        )
        distances = dict(cursor.fetchall())
    nearest: dict[int, int] = {}
    pages = EvidencePage.objects.filter(pk__in=distances).values_list("pk", "evidence_id")
    for page_id, evidence_id in pages:
        nearest[evidence_id] = min(distances[page_id], nearest.get(evidence_id, CLOSEST_DIFFERENT))
    return nearest


def _probes(dhashes: Iterable[int]) -> Iterator[tuple[int, int]]:
    for dhash in dhashes:
        for band in neighbours_of(dhash):
            yield band, dhash
