"""What each key of the table does, by the name of its action."""

from __future__ import annotations

from typing import TYPE_CHECKING

from microcrystalnet.domain.label import MARKS, Flag
from napari_mcn.keymap import DIGITS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from napari_mcn.docks import MicrocrystalDock


def actions_of(dock: MicrocrystalDock) -> Mapping[str, Callable[[], object]]:
    """Give the action behind every name that `keymap.KEYS` uses."""
    label, prompt, project = dock.labelling.label, dock.outlining.prompt, dock.projects.project
    together, disagree = dock.experts.adjudication, dock.experts.consensus.next_disagreement
    on_disputes = {
        "previous crystal": together.previous,
        "next crystal": together.next,
        "next unlabelled": disagree,
    }
    moves = {
        "previous crystal": label.previous,
        "next crystal": label.next,
        "next unlabelled": label.next_unlabelled,
    }
    answers = _deciding(dock, _reviewing(dock, _answers(dock)), _decisions(dock))
    keys = answers | _deciding(dock, _in_gallery(dock, moves), on_disputes)
    return keys | {
        "adjudicate": together.object_to,
        "names": together.toggle_names,
        "sign": together.sign,
        "take up again": together.reopen,
        "next micrograph": lambda: project.step(1),
        "previous micrograph": lambda: project.step(-1),
        "next disagreement": dock.experts.consensus.next_disagreement,
        "segment": lambda: _use_tool(dock, "prompt"),
        "brush": lambda: _use_tool(dock, "brush"),
        "toggle sign": prompt.toggle_sign,
        "next size": prompt.next_proposal,
        "commit": prompt.commit,
        "clear prompts": prompt.clear,
        "look": prompt.put_away,
        "reopen": lambda: _reopen(dock),
        "lasso": lambda: _use_tool(dock, "lasso"),
        "merge": lambda: _merge(dock),
        "cut": lambda: _use_tool(dock, "cut"),
        "fill holes": dock.outlining.reshape.fill,
        "delete": dock.outlining.correct.delete,
        "undo": dock.outlining.correct.undo,
        "redo": dock.outlining.correct.redo,
        "why": lambda: why(dock),
        "keys": dock.show_keys,
    }


def _answers(dock: MicrocrystalDock) -> dict[str, Callable[[], object]]:
    """Give what experts say about a crystal."""
    label, remark = dock.labelling.label, dock.labelling.remark
    digits = {f"digit {n}": lambda n=n: label.press_digit(n) for n in DIGITS}
    seconds = {f"second {n}": lambda n=n: remark.choose_second_at(n) for n in DIGITS}
    marks = {f"mark {each}": lambda each=each: remark.toggle_mark(each) for each in MARKS}
    return {
        **digits,
        **seconds,
        **marks,
        "unclear": label.choose_unclear,
        "clear label": label.clear,
        "discard": label.discard,
        "unsure": lambda: remark.toggle_flag(Flag.UNSURE),
        "occluded": lambda: remark.toggle_flag(Flag.OCCLUDED),
        "bad outline": lambda: remark.toggle_flag(Flag.BAD_MASK),
        "note": remark.write_note,
        "next shape": remark.next_shape,
        "next definition": remark.next_definition,
    }


def _decisions(dock: MicrocrystalDock) -> dict[str, Callable[[], object]]:
    """Give what the same keys decide for everybody on the Disputes page."""
    together = dock.experts.adjudication
    digits = {f"digit {n}": lambda n=n: together.press_digit(n) for n in DIGITS}
    return digits | {"unclear": together.undecidable, "discard": together.exclude}


def _deciding(
    dock: MicrocrystalDock,
    usual: Mapping[str, Callable[[], object]],
    decisions: Mapping[str, Callable[[], object]],
) -> dict[str, Callable[[], object]]:
    """Let keys decide while people sit over disputes; those with nothing to decide do nothing."""
    together = dock.experts.adjudication

    def either(name: str) -> Callable[[], object]:
        decide = decisions.get(name, together.keep_own)
        return lambda: (decide if together.deciding else usual[name])()

    return {name: either(name) for name in usual}


def _reviewing(
    dock: MicrocrystalDock, usual: Mapping[str, Callable[[], object]]
) -> dict[str, Callable[[], object]]:
    """Let answers mean the crystal that is chosen in the gallery, while that is in front."""
    gallery, said = dock.reviewing.gallery, dock.reviewing.answers
    answers: dict[str, Callable[[], object]] = {
        **{f"digit {n}": lambda n=n: said.press_digit(n) for n in DIGITS},
        "unclear": said.choose_unclear,
        "discard": said.discard,
        "clear label": said.clear,
    }

    def remark(name: str) -> Callable[[], object]:
        def there() -> None:
            gallery.fly()  # remarks are made on the crystal in view
            usual[name]()

        return there

    chosen = {name: answers.get(name) or remark(name) for name in usual}
    return {
        name: lambda name=name: (chosen if gallery.deciding else usual)[name]() for name in usual
    }


def _in_gallery(
    dock: MicrocrystalDock, usual: Mapping[str, Callable[[], object]]
) -> dict[str, Callable[[], object]]:
    """Let the keys that move move in the gallery, while that is in front."""
    gallery = dock.reviewing.gallery
    steps = {
        "previous crystal": lambda: gallery.step(-1),
        "next crystal": lambda: gallery.step(1),
    }
    either = {
        name: lambda name=name: (steps if gallery.filled else usual)[name]() for name in steps
    }
    return {**usual, **either}


def _use_tool(dock: MicrocrystalDock, tool: str) -> None:
    dock.go_to("Segment")
    dock.outlining.prompt.use_tool(tool)


def _reopen(dock: MicrocrystalDock) -> None:
    dock.go_to("Segment")
    dock.outlining.prompt.reopen()


def _merge(dock: MicrocrystalDock) -> None:
    _use_tool(dock, "merge")
    dock.outlining.reshape.begin_merging()


def why(dock: MicrocrystalDock) -> None:
    """Bring the Why page to the front, about the crystal that is looked at."""
    dock.reviewing.gallery.fly()
    dock.go_to("Explain")
    dock.explaining.show_why()
    dock.explaining.explain.explain()
