"""Has many micrographs analysed side by side, on this computer or by a dask cluster."""

import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from microcrystalnet.errors import EngineError, MissingExtraError
from microcrystalnet.pipeline import Order, Outcome, carry_out, failed
from microcrystalnet.progress import Progress, Report, ignore_progress

if TYPE_CHECKING:
    from distributed import Client
    from distributed import Future as ClusterFuture

CONNECT_S = 15


def on_this_computer(
    orders: Sequence[Order], processes: int, report: Report = ignore_progress
) -> list[Outcome]:
    """Share the work among child processes; the outcomes come in the order of ``orders``.

    A process that dies, for want of memory say, costs only its own micrograph: what was under way
    with it is begun again, each alone, and the others go on in fresh processes.
    """
    done: dict[Order, Outcome] = {}

    def note(order: Order, outcome: Outcome) -> None:
        done[order] = outcome
        report(Progress(len(done), len(orders), f"{order.image.name} is done"))

    waiting = list(orders)
    while waiting := _side_by_side(waiting, processes, note):
        # Processes take orders as they stand here: the dead one had one of the first.
        for suspect in waiting[:processes]:
            if _side_by_side([suspect], 1, note):
                note(suspect, _lost(suspect))
        waiting = waiting[processes:]
    return [done[each] for each in orders]


def _side_by_side(
    orders: Sequence[Order], processes: int, note: Callable[[Order, Outcome], None]
) -> list[Order]:
    """Note what comes of each; give those that a process which died has left undone."""
    context = multiprocessing.get_context("spawn")  # a fork would inherit locks of onnxruntime
    pool = ProcessPoolExecutor(max(1, min(processes, len(orders))), mp_context=context)
    futures: dict[Future[Outcome], Order] = {}
    left = dict.fromkeys(orders)
    try:
        with suppress(BrokenProcessPool):  # one may die before the last is asked
            for each in orders:
                futures[pool.submit(carry_out, each)] = each
        for future in as_completed(futures):
            if not isinstance(future.exception(), BrokenProcessPool):
                order = futures[future]
                del left[order]
                note(order, _outcome(order, future))
    finally:
        pool.shutdown(cancel_futures=True)
    return list(left)


def _outcome(order: Order, future: Future[Outcome]) -> Outcome:
    try:
        return future.result()
    except Exception as problem:  # noqa: BLE001 - such as an outcome that could not be sent back
        return failed(order, problem)


def on_cluster(
    orders: Sequence[Order], scheduler: str, report: Report = ignore_progress
) -> list[Outcome]:
    """Share the work among the workers of a dask.distributed scheduler, such as tcp://host:8786.

    Every worker must see the files under the same paths, and have this program installed.

    Raises
    ------
    EngineError
        If the scheduler does not answer, or has no worker.
    MissingExtraError
        If dask is not installed.
    """
    with _connected(scheduler) as client:
        if not client.scheduler_info()["workers"]:
            raise EngineError(f"The scheduler {scheduler} has no worker; start some and try again.")
        futures = client.map(carry_out, orders, pure=False)
        return list(_gathered(orders, futures, report))


def _gathered(
    orders: Sequence[Order], futures: Iterable["ClusterFuture"], report: Report
) -> Iterator[Outcome]:
    for done, (order, future) in enumerate(zip(orders, futures, strict=True), 1):
        problem = future.exception()
        yield future.result() if problem is None else _lost(order)
        report(Progress(done, len(orders), f"{order.image.name} is done"))


@contextmanager
def _connected(scheduler: str) -> Iterator["Client"]:
    try:
        from distributed import Client
    except ImportError as missing:
        raise MissingExtraError(
            "A scheduler needs dask; install it with pip install 'napari-mcn[batch]'."
        ) from missing
    try:
        client = Client(scheduler, timeout=CONNECT_S)
    except (OSError, ValueError) as problem:  # TimeoutError is an OSError
        raise EngineError(
            f"The scheduler {scheduler} does not answer; check its address, such as "
            "tcp://host:8786, and that it runs."
        ) from problem
    with client:
        yield client


def _lost(order: Order) -> Outcome:
    text = (
        "The process that worked on it ended, perhaps for want of memory; analyse it again with "
        "fewer --processes."
    )
    return Outcome(str(order.image), error=text)
