"""Has many micrographs analysed side by side, on this computer or by a dask cluster."""

import multiprocessing
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import TYPE_CHECKING

from microcrystalnet.errors import EngineError, MissingExtraError
from microcrystalnet.pipeline import Order, Outcome, carry_out
from microcrystalnet.progress import Progress, Report, ignore_progress

if TYPE_CHECKING:
    from distributed import Client, Future

CONNECT_S = 15


def on_this_computer(
    orders: Sequence[Order], processes: int, report: Report = ignore_progress
) -> list[Outcome]:
    """Share the work among child processes; the outcomes come in the order of ``orders``.

    A process that dies, for want of memory say, costs only its own micrograph and those that
    waited: their outcomes say so.
    """
    context = multiprocessing.get_context("spawn")  # a fork would inherit locks of onnxruntime
    pool = ProcessPoolExecutor(max(1, min(processes, len(orders))), mp_context=context)
    try:
        futures = {pool.submit(carry_out, each): each for each in orders}
        done: dict[Order, Outcome] = {}
        for future in as_completed(futures):
            order = futures[future]
            try:
                done[order] = future.result()
            except BrokenProcessPool:
                done[order] = _lost(order)
            report(Progress(len(done), len(orders), f"{order.image.name} is done"))
    finally:
        pool.shutdown(cancel_futures=True)
    return [done[each] for each in orders]


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
    orders: Sequence[Order], futures: Iterable["Future"], report: Report
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
