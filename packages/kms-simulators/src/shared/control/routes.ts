import type { Fault } from '../faults/fault.js';
import { SimulatorError } from '../errors.js';
import type { Controlled } from './controlled.js';
import { readFilter, readProvider } from './query.js';

/** A request to the control API. */
export interface ControlRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Parsed JSON; `undefined` if there was no body. */
  readonly body: unknown;
}

/** Its answer: an HTTP status and a JSON value. */
export interface ControlResult {
  readonly status: number;
  readonly body: unknown;
}

type Route = (
  request: ControlRequest,
  controlled: Controlled,
  parameter: string,
) => ControlResult | Promise<ControlResult>;

const ok = (body: unknown): ControlResult => ({ status: 200, body });

/** Method and path; `*` stands for one segment. */
const ROUTES: Readonly<Record<string, Route>> = {
  'GET /': (_request, { servers, clock }) =>
    ok({
      endpoints: Object.fromEntries(servers.map(({ provider, endpoint }) => [provider, endpoint])),
      now: new Date(clock.now()).toISOString(),
      routes: Object.keys(ROUTES),
    }),
  'GET /faults': (_request, { faults }) => ok(faults.list()),
  'POST /faults': ({ body }, { faults }) => ({ status: 201, body: faults.inject(body as Fault) }),
  'DELETE /faults': (_request, { faults }) => ok({ cleared: faults.clear() }),
  'DELETE /faults/*': (_request, { faults }, id) => ok({ cleared: faults.clear(id) }),
  'POST /regions/*/down': ({ query }, { faults, servers }, region) => ({
    status: 201,
    body: faults.regionDown(region, readProvider(query, servers)),
  }),
  'POST /regions/*/up': ({ query }, { faults, servers }, region) =>
    ok({ cleared: faults.regionUp(region, readProvider(query, servers)) }),
  'GET /requests': ({ query }, { requests, servers }) => ok(requests.list(readFilter(query, servers))),
  'GET /requests/counts': ({ query }, { requests, servers }) => ok(requests.counts(readFilter(query, servers))),
  'DELETE /requests': (_request, { requests }) => {
    requests.reset();
    return ok({});
  },
  'POST /clock/advance': async ({ body }, { clock, state }) => {
    const ms = (body as { ms?: unknown } | null | undefined)?.ms;
    if (typeof ms !== 'number' || !Number.isFinite(ms) || ms < 0) {
      throw new SimulatorError('invalid-request', 'Send { "ms": <milliseconds, at least 0> }.');
    }
    clock.advance(ms);
    await state.save();
    return ok({ now: new Date(clock.now()).toISOString() });
  },
};

/**
 * Answers a request to the control API; an unknown route gets status 404 and the list of routes.
 *
 * @throws SimulatorError `invalid-request`, `invalid-fault`
 */
export async function routeControl(
  request: ControlRequest,
  controlled: Controlled,
): Promise<ControlResult> {
  const segments = request.path.split('/').slice(1);
  for (const [pattern, route] of Object.entries(ROUTES)) {
    const [method, path = ''] = pattern.split(' ');
    const expected = path.split('/').slice(1);
    if (method !== request.method || expected.length !== segments.length) continue;
    if (!expected.every((part, index) => part === '*' || part === segments[index])) continue;
    return await route(request, controlled, segments[expected.indexOf('*')] ?? '');
  }
  return {
    status: 404,
    body: {
      error: {
        code: 'no-route',
        message: `There is no ${request.method} ${request.path}.`,
        routes: Object.keys(ROUTES),
      },
    },
  };
}
