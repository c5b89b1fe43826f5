/** @file What is served at which path, and what a handler sees of a request. */
import { MethodUnsupportedError, RouteUnknownError } from './http.errors.js';
import type { HttpReply } from './http-reply.js';

export interface HttpRequest {
  /** Values of the route's `{name}` segments, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** By lower-case name; the first value of each. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Of a POST, parsed; otherwise undefined. */
  readonly body: unknown;
  /** Aborts when the client leaves, or when a drain runs out of time. */
  readonly signal: AbortSignal;
}

export interface HttpRoute {
  readonly method: 'GET' | 'POST';
  /** For instance `/models/{name}/classify`. */
  readonly path: string;
  /** True: answered during a drain too. @default false */
  readonly duringDrain?: boolean;
  readonly handle: (request: HttpRequest) => HttpReply | Promise<HttpReply>;
}

export interface MatchedRoute {
  readonly route: HttpRoute;
  readonly params: Readonly<Record<string, string>>;
}

/** @throws RouteUnknownError, MethodUnsupportedError */
export function matchRoute(routes: readonly HttpRoute[], method: string, path: string): MatchedRoute {
  const matches = routes.flatMap((route) => {
    const params = paramsOf(route.path, path);
    return params ? [{ route, params }] : [];
  });
  const [first] = matches;
  if (!first) throw new RouteUnknownError(path, [...new Set(routes.map((route) => route.path))]);
  const match = matches.find(({ route }) => route.method === method);
  if (match) return match;
  throw new MethodUnsupportedError(method, first.route.path, matches.map(({ route }) => route.method).join(', '));
}

/** The values of the template's segments; undefined where the path is another. */
function paramsOf(template: string, path: string): Record<string, string> | undefined {
  const expected = template.split('/');
  const segments = path.split('/');
  if (expected.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const name = /^\{(\w+)\}$/.exec(expected[index] ?? '')?.[1];
    const value = decoded(segment);
    if (name !== undefined && value !== undefined && value !== '') params[name] = value;
    else if (segment !== expected[index]) return undefined;
  }
  return params;
}

function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
