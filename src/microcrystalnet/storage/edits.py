"""What an expert's actions change, worked out on the state without changing it."""

from collections.abc import Mapping, Sequence

from microcrystalnet.domain.crystal import Crystal
from microcrystalnet.domain.label import Answer, Label
from microcrystalnet.domain.mask import Mask
from microcrystalnet.domain.micrograph import Micrograph, Reading, Region, Scale
from microcrystalnet.domain.sample import Sample, Texture
from microcrystalnet.domain.scheme import Scheme
from microcrystalnet.domain.scheme_rules import successor
from microcrystalnet.errors import MaskError, ProjectError
from microcrystalnet.storage.history import Assignment, Change, Drawn, Edit, Slot
from microcrystalnet.storage.records import crystal_to_json
from microcrystalnet.storage.showcase import ShownExample
from microcrystalnet.storage.state import ProjectState

STEEPEST = 80.0  # degrees; beyond it a degree more or less changes heights by a tenth


def drawing(state: ProjectState, crystals: Sequence[Crystal], model_id: str | None = None) -> Edit:
    """Outline crystals of one micrograph, new ones or known ones anew."""
    assignments = []
    for crystal in crystals:
        slot = Slot("mask", crystal.image_id, crystal.crystal_id)
        before = state.drawn(slot)
        parent = before.crystal.mask.digest if before else None
        drawn = Drawn(crystal, crystal_to_json(crystal, model_id, parent))
        assignments.append(Assignment(slot, before, drawn))
    ids = tuple(each.crystal_id for each in crystals)
    text = "Changed a mask" if assignments[0].before else f"Outlined {_count(len(ids))}"
    return Edit(Change("masks", crystals[0].image_id, ids, text), tuple(assignments))


def correction(
    state: ProjectState, drawn: Sequence[Crystal], gone: Sequence[Crystal], text: str
) -> Edit:
    """Draw crystals of one micrograph and take others away, as one edit called ``text``."""
    parts = [drawing(state, drawn)] if drawn else []
    if gone:
        parts.append(deletion(state, gone))
    assignments = tuple(each for part in parts for each in part.assignments)
    ids = tuple(each.slot.crystal_id for each in assignments)
    return Edit(Change("masks", (*drawn, *gone)[0].image_id, ids, text), assignments)


def deletion(state: ProjectState, crystals: Sequence[Crystal]) -> Edit:
    """Take crystals away."""
    slots = [Slot("mask", each.image_id, each.crystal_id) for each in crystals]
    assignments = tuple(Assignment(slot, state.drawn(slot), None) for slot in slots)
    ids = tuple(each.crystal_id for each in crystals)
    images = {each.image_id for each in crystals}
    image_id = images.pop() if len(images) == 1 else None
    return Edit(Change("masks", image_id, ids, f"Deleted {_count(len(ids))}"), assignments)


def joined(edits: Sequence[Edit], text: str) -> Edit:
    """Make one edit of several about labels, undone and redone as a whole."""
    images = {each.change.image_id for each in edits}
    ids = tuple(each for edit in edits for each in edit.change.crystal_ids)
    change = Change("label", images.pop() if len(images) == 1 else None, ids, text)
    return Edit(change, tuple(each for edit in edits for each in edit.assignments))


def labelling(state: ProjectState, crystal: Crystal, label: Label | None) -> Edit:
    """Give a crystal a label, or none."""
    crystal_id, image_id = crystal.crystal_id, crystal.image_id
    slot = Slot("label", image_id, crystal_id, turn=state.turn(crystal_id, image_id))
    text = f"Labelled {_spoken(label.answer)}" if label else "Cleared a label"
    change = Change("label", crystal.image_id, (crystal.crystal_id,), text)
    return Edit(change, (Assignment(slot, state.label_at(slot), label),))


def offering(state: ProjectState, wanted: Scheme) -> Edit:
    """Offer other classes, as the version after the present one.

    Raises
    ------
    SchemeError
        If the scheme contradicts itself, or uses the code of a retired class for another.
    """
    following = successor(state.scheme, wanted)
    change = Change("scheme", None, (), "Changed the classes")
    return Edit(change, (Assignment(Slot("scheme", ""), state.scheme, following),))


def showing(state: ProjectState, crystal: Crystal, cls: str | None, expert: str) -> Edit:
    """Make a crystal an example of a class in the atlas, or None: take it out."""
    slot = Slot("example", crystal.image_id, crystal.crystal_id)
    shown = None if cls is None else ShownExample(crystal.image_id, cls, expert)
    change = Change("atlas", crystal.image_id, (crystal.crystal_id,), "Changed the atlas")
    return Edit(change, (Assignment(slot, state.examples.get(crystal.crystal_id), shown),))


def scaling(micrograph: Micrograph, scale: Scale) -> Edit:
    """Give a micrograph another pixel size.

    Raises
    ------
    ProjectError
        If the size is not a positive number, its uncertainty not less than the size, or its tilt
        too steep or corrected by the microscope.
    """
    size, uncertainty = scale.pixel_size, scale.uncertainty
    if size and not all(0 < side < float("inf") for side in (size.row_um, size.col_um)):
        raise ProjectError(
            f"A pixel cannot be {size.row_um:g} by {size.col_um:g} micrometres; "
            "give positive numbers."
        )
    if uncertainty is not None and not 0 <= uncertainty < 1:
        raise ProjectError(
            f"A pixel size cannot be uncertain by {100 * uncertainty:.3g} % of itself; "
            "give less than 100 %."
        )
    check_tilt(micrograph, scale.tilt_corrected)
    slot = Slot("scale", micrograph.image_id)
    change = Change("images", micrograph.image_id, (), f"Set the scale of {micrograph.file_name}")
    return Edit(change, (Assignment(slot, micrograph.scale, scale),))


def check_tilt(micrograph: Micrograph, degrees: float | None) -> None:
    """Refuse a correction that cannot be, or that would be the second one.

    Raises
    ------
    ProjectError
        If the tilt is 80 degrees or more, or the microscope corrected the picture itself.
    """
    if degrees is None:
        return
    if not abs(degrees) < STEEPEST:
        raise ProjectError(
            f"Heights cannot be corrected for {degrees:g}° of tilt; give 0 to below {STEEPEST:g}."
        )
    if micrograph.acquisition.tilt_allowed:
        origin = micrograph.origins.get("tilt_allowed", "file")
        raise ProjectError(
            f"The microscope has corrected the heights of {micrograph.file_name} for the tilt, "
            f"says its {origin}; a second correction would stretch them."
        )


def confining(micrograph: Micrograph, region: Region) -> Edit:
    """Analyse another part of a micrograph.

    Raises
    ------
    ProjectError
        If nothing of it lies on the micrograph.
    """
    on_it = Region(
        max(region.row0, 0),
        max(region.col0, 0),
        min(region.row1, micrograph.height),
        min(region.col1, micrograph.width),
    )
    if on_it.height < 1 or on_it.width < 1:
        raise ProjectError(
            f"The region of rows {region.row0} to {region.row1} and columns {region.col0} to "
            f"{region.col1} lies outside {micrograph.file_name} of {micrograph.height} x "
            f"{micrograph.width} pixels; draw it on the picture."
        )
    change = Change(
        "images", micrograph.image_id, (), f"Set the analysis region of {micrograph.file_name}"
    )
    slot = Slot("region", micrograph.image_id)
    return Edit(change, (Assignment(slot, micrograph.region, on_it),))


def placing(samples: Mapping[str, Sample], micrographs: Mapping[str, Micrograph]) -> Edit:
    """Say of which sample micrographs are, by image id; those that say so already are left out."""
    changed = {each: it for each, it in samples.items() if micrographs[each].sample != it}
    several = "1 micrograph" if len(changed) == 1 else f"{len(changed)} micrographs"
    image_id = next(iter(changed)) if len(changed) == 1 else None
    change = Change("images", image_id, (), f"Named the sample of {several}")
    assignments = (
        Assignment(Slot("sample", each), micrographs[each].sample, it)
        for each, it in changed.items()
    )
    return Edit(change, tuple(assignments))


def tagging(micrograph: Micrograph, texture: Texture | None) -> Edit:
    """Say how the crystals of a micrograph lie together; None takes that back."""
    word = f"{texture}" if texture else "without a texture"
    change = Change("images", micrograph.image_id, (), f"Called {micrograph.file_name} {word}")
    slot = Slot("texture", micrograph.image_id)
    return Edit(change, (Assignment(slot, micrograph.texture, texture),))


def reading_again(micrograph: Micrograph, reading: Reading) -> Edit:
    """Take what the file of a micrograph tells now; a scale that people gave stays."""
    change = Change("images", micrograph.image_id, (), f"Read {micrograph.file_name} again")
    slot = Slot("reading", micrograph.image_id)
    edit = Edit(change, (Assignment(slot, micrograph.reading, reading),))
    if micrograph.scaled_by_people or micrograph.scale == reading.scale:
        return edit
    scale = Slot("scale", micrograph.image_id)
    assignment = Assignment(scale, micrograph.scale, reading.scale)
    return Edit(change, (*edit.assignments, assignment))


def known_of(
    micrograph: Micrograph, kind: str
) -> Scale | Region | Sample | Texture | Reading | None:
    """Give what the slot of a micrograph holds, by its kind."""
    known = {"region": micrograph.region, "sample": micrograph.sample}
    read = {"scale": micrograph.scale, "reading": micrograph.reading}
    return {**known, "texture": micrograph.texture, **read}[kind]


def inside(micrograph: Micrograph, mask: Mask) -> Mask:
    """Give the part of a mask that lies in the micrograph's analysis region.

    Raises
    ------
    MaskError
        If nothing of it does.
    """
    on_it = mask.within(Region(0, 0, micrograph.height, micrograph.width))
    try:
        return on_it.within(micrograph.region)
    except MaskError:
        raise MaskError(
            "This crystal lies outside the analysis region, in the databar or beyond what was "
            "chosen; nothing was drawn. Widen the region on the Project page, under Scale."
        ) from None


def check_answer(scheme: Scheme, answer: Answer) -> None:
    """Make sure that a scheme has the classes an expert names, and that the answer makes sense.

    Raises
    ------
    ProjectError
        If it does not.
    """
    for code in (answer.cls, answer.second):
        if code is not None and code not in scheme.codes:
            lack = "has no class" if scheme.find(code) is None else "no longer offers the class"
            raise ProjectError(
                f"The scheme {lack} {code}; choose one of {', '.join(scheme.codes)}."
            )
    if answer.second is not None and answer.second == answer.cls:
        raise ProjectError(f"The second choice cannot be {answer.cls} as well; choose another.")
    if answer.confidence is not None and not 0 <= answer.confidence <= 1:
        raise ProjectError(
            f"A confidence is between 0 and 1, not {answer.confidence:g}; give another number."
        )


def _count(crystals: int) -> str:
    return "1 crystal" if crystals == 1 else f"{crystals} crystals"


def _spoken(answer: Answer) -> str:
    if answer.discards:
        return "not a crystal"
    return answer.cls or "unclear"
