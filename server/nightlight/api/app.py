"""The routes: which address is answered by what. Nothing is done or decided here; see `desk` and `guard`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, cast

from litestar import Litestar, Request, Response, get, post
from litestar.datastructures import State
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler

import nightlight
from nightlight.api.answer import Answer, HealthAnswer, VersionAnswer
from nightlight.api.asgi import Application, Scope
from nightlight.api.desk import Desk
from nightlight.api.guard import VISITOR, Guard, Visitor, now_utc
from nightlight.api.log import AccessLog, internal_problem, log_failure
from nightlight.api.problem import ANSWER_HEADERS, ProblemError, ProblemType
from nightlight.storage import Storage

if TYPE_CHECKING:
    from nightlight.warning import Assessor

#: How often the helper deletes what it has kept long enough, in seconds.
RETENTION_EVERY: Final = 24 * 60 * 60


def create_app(storage: Storage, assessor: Assessor, *, port: int, clock: Callable[[], datetime] = now_utc) -> Application:
    """The ASGI application that answers on `port`: access log, then guard, then routes."""
    desk = Desk(storage, assessor, clock)

    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        await desk.do(desk.forget_old)
        daily = asyncio.create_task(_forget_daily(desk))
        try:
            yield
        finally:
            daily.cancel()
            desk.close()

    routes = _routes(desk)
    litestar = Litestar(
        route_handlers=routes,
        lifespan=[lifespan],
        openapi_config=None,
        logging_config=None,
        debug=False,
        exception_handlers={Exception: _on_exception},
    )
    paths = sorted({path for route in routes for path in route.paths})
    # Litestar describes the same protocol in narrower types.
    inner = cast(Application, litestar)
    return AccessLog(Guard(inner, port=port, pairings=storage.pairings, clock=clock), routes=paths)


def _routes(desk: Desk) -> list[HTTPRouteHandler]:
    @get("/health")
    async def health() -> Response[bytes]:
        return _respond(HealthAnswer())

    @get("/version")
    async def version() -> Response[bytes]:
        return _respond(VersionAnswer(version=nightlight.__version__))

    api: dict[str, Callable[[Visitor], Answer]] = {
        "/v1/pair": desk.pair,
        "/v1/prove": desk.prove,
        "/v1/assess": desk.assess,
        "/v1/known": desk.known,
        "/v1/adapter": desk.adapter,
        "/v1/status": desk.status,
        "/v1/unpair": desk.unpair,
    }
    return [health, version, *(_api_route(path, work, desk) for path, work in api.items())]


def _api_route(path: str, work: Callable[[Visitor], Answer], desk: Desk) -> HTTPRouteHandler:
    @post(path, status_code=200)
    async def answer(request: Request[Any, Any, State]) -> Response[bytes]:
        visitor: Visitor = cast(Scope, request.scope)[VISITOR]
        return _respond(await desk.do(lambda: work(visitor)))

    return answer


def _respond(answer: Answer) -> Response[bytes]:
    return Response(
        answer.model_dump_json().encode(), media_type="application/json", headers=dict(ANSWER_HEADERS), status_code=200
    )


def _on_exception(_: Request[Any, Any, State], error: Exception) -> Response[bytes]:
    if isinstance(error, ProblemError):
        problem = error
    elif isinstance(error, HTTPException) and error.status_code == HTTPStatus.NOT_FOUND:
        problem = ProblemError(ProblemType.NOT_FOUND, "Look at the helper's version.")
    else:
        log_failure(error)
        problem = internal_problem()
    return Response(
        problem.body(),
        media_type="application/problem+json",
        headers={**ANSWER_HEADERS, **problem.headers},
        status_code=int(problem.status),
    )


async def _forget_daily(desk: Desk) -> None:
    while True:
        await asyncio.sleep(RETENTION_EVERY)
        try:
            await desk.do(desk.forget_old)
        except Exception as error:  # a full disk today must not end the deleting of tomorrow
            log_failure(error)
