"""Refusals a user can act on: one plain sentence each, never a traceback."""


class MicroCrystalError(Exception):
    """Something the user can mend; its text is one plain sentence that says what to do."""


class UnreadableFileError(MicroCrystalError):
    """A file is missing, truncated, of another kind, or too large to open safely."""


class ProjectError(MicroCrystalError):
    """A project folder cannot be created, opened or changed."""


class SilentFolderError(ProjectError):
    """The project folder lies on a share that does not answer now."""


class ReadOnlyProjectError(ProjectError):
    """The project is open for looking only, because of its version or the folder's rights."""


class MaskError(MicroCrystalError):
    """A mask is empty, outside the micrograph, or does not fit it."""


class WeightsError(MicroCrystalError):
    """A weights file is missing, damaged, or of another architecture."""


class SegmentationError(MicroCrystalError):
    """The crystals of a micrograph cannot be outlined as asked."""


class NoVotesError(MicroCrystalError):
    """A crystal has no label yet."""


class TrainingError(MicroCrystalError):
    """There is too little, or the wrong kind of, material to train on."""


class ModelError(MicroCrystalError):
    """A classifier is missing, damaged, or made for another scheme."""


class NoConvolutionsError(ModelError):
    """The network has no convolutions, so what looks into them has nothing to show."""


class EngineError(MicroCrystalError):
    """A child process could not answer; asking again starts a fresh one."""


class NotPreparedError(EngineError):
    """A child process does not hold this micrograph; preparing it again mends that."""


class MissingExtraError(MicroCrystalError):
    """A part of the program that is installed separately is not there."""


class DecisionError(MicroCrystalError):
    """A crystal cannot be decided like this; the sentence says what is missing."""


class AgreementError(MicroCrystalError):
    """A table of experts' answers cannot be compared as it stands."""


class LabelTableError(MicroCrystalError):
    """A file of labels cannot be read, or not be understood as it stands."""


class SchemeError(MicroCrystalError):
    """A scheme of classes contradicts itself, or the labels that were given with it."""


class BlindError(MicroCrystalError):
    """Somebody who labels blind asked for what would sway them."""


class ScaleBarError(MicroCrystalError):
    """A scale cannot be taken from what was drawn or typed."""
