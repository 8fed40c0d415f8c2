"""What was said about crystals in adjudication, and whether the outlines are still the same."""

from collections.abc import Iterator, Mapping

from microcrystalnet.domain.decision import Case, Decision
from microcrystalnet.domain.mask import Mask
from microcrystalnet.storage.fold import Fold, Outline
from microcrystalnet.storage.records import Details, crystal_if_sound
from microcrystalnet.storage.state import ProjectState

SAME_OUTLINE = 0.9  # intersection over union from which an outline counts as unchanged


def case_of(fold: Fold, state: ProjectState, crystal_id: str, expert: str) -> Case:
    """Give the case of one crystal, as far as the journals were read and an expert may see it.

    Before the seal these are the expert's own acts: a decision tells what the others answered.
    """
    image_id = _image_of(fold, crystal_id) or ""
    opened = state.visibility.opened(crystal_id, image_id, expert)
    acts = tuple(each for each in fold.docket.of(crystal_id) if opened or each.by == expert)
    digests = {each.label_id: each.mask_digest for each in state.labels_of(crystal_id).values()}
    digests |= {each.act_id: each.mask_digest for each in acts if isinstance(each, Decision)}
    outline = fold.outlines.get(image_id, {}).get(crystal_id)
    if outline is None or not outline.earlier or not digests:
        return Case(acts)
    return Case(acts, outdated(outline, digests, state.frame(image_id)))


def cases_of(fold: Fold, state: ProjectState, expert: str) -> Iterator[tuple[str, Case]]:
    """Give the crystals that have a case an expert may see, and the case, one after the other."""
    for image_id in state.micrographs:
        state.load(image_id)
    redrawn = [
        crystal_id
        for outlines in fold.outlines.values()
        for crystal_id, outline in outlines.items()
        if outline.earlier and crystal_id in fold.votes
    ]
    for crystal_id in dict.fromkeys([*fold.docket.crystals, *redrawn]):
        place = _image_of(fold, crystal_id)
        if place and state.exists(crystal_id, place):
            case = case_of(fold, state, crystal_id, expert)
            if case != Case():
                yield crystal_id, case


def outdated(
    outline: Outline, digests: Mapping[str, str], frame: tuple[int, int] | None
) -> frozenset[str]:
    """Give the ids, of labels or decisions, whose outline was another one than there is now.

    ``digests`` gives the digest of the outline each was about; one that is known to none of the
    masks there were counts as another one. ``frame`` is the micrograph's height and width.
    """
    now = _mask(outline.details, frame)
    if now is None:
        return frozenset()
    suspects = {each: digest for each, digest in digests.items() if digest != now.digest}
    if not suspects:
        return frozenset()
    masks = {mask.digest: mask for each in outline.earlier.values() if (mask := _mask(each, frame))}
    return frozenset(
        each
        for each, digest in suspects.items()
        if digest not in masks or now.iou(masks[digest]) < SAME_OUTLINE
    )


def _image_of(fold: Fold, crystal_id: str) -> str | None:
    if (image_id := fold.docket.image_of(crystal_id)) is not None:
        return image_id
    votes = fold.votes.get(crystal_id, {}).values()
    return next((vote.image_id for vote in votes), None)


def _mask(details: Details | None, frame: tuple[int, int] | None) -> Mask | None:
    crystal = crystal_if_sound(details, frame)
    return crystal.mask if crystal else None
