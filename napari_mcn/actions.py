"""What each key of the table does, by the name of its action."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from napari_mcn.docks import MicrocrystalDock


def actions_of(dock: MicrocrystalDock) -> Mapping[str, Callable[[], object]]:
    """Give the action behind every name that `keymap.KEYS` uses."""
    prompt, project = dock.outlining.prompt, dock.projects.project
    together = dock.experts.adjudication
    return _class_keys(dock) | {
        "adjudicate": together.object_to,
        "names": together.toggle_names,
        "sign": together.sign,
        "object": together.object_to,
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
        "why": lambda: _why(dock),
        "keys": dock.show_keys,
    }


def _class_keys(dock: MicrocrystalDock) -> dict[str, Callable[[], object]]:
    """Give the keys that label for one expert, and on the Disputes page decide for everybody."""
    label, together = dock.labelling.label, dock.experts.adjudication

    def either(decide: Callable[[], object], say: Callable[[], object]) -> Callable[[], object]:
        return lambda: (decide if together.deciding else say)()

    decide, say = together.decide_class_at, label.choose_class_at
    classes = {f"class {n + 1}": either(partial(decide, n), partial(say, n)) for n in range(4)}
    return classes | {
        "unclear": either(together.undecidable, label.choose_unclear),
        "clear label": either(together.keep_own, label.clear),
        "discard": either(together.exclude, label.discard),
        "unsure": either(together.keep_own, label.toggle_unsure),
        "previous crystal": either(together.previous, label.previous),
        "next crystal": either(together.next, label.next),
        "next unlabelled": either(dock.experts.consensus.next_disagreement, label.next_unlabelled),
    }


def _use_tool(dock: MicrocrystalDock, tool: str) -> None:
    dock.go_to("Segment")
    dock.outlining.prompt.use_tool(tool)


def _reopen(dock: MicrocrystalDock) -> None:
    dock.go_to("Segment")
    dock.outlining.prompt.reopen()


def _merge(dock: MicrocrystalDock) -> None:
    _use_tool(dock, "merge")
    dock.outlining.reshape.begin_merging()


def _why(dock: MicrocrystalDock) -> None:
    dock.go_to("Explain")
    dock.explaining.explain.explain()
