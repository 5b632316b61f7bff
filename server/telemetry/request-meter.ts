/**
 * How many requests there are and how long they take: the one place where HTTP is measured.
 *
 * Spec: https://opentelemetry.io/docs/specs/semconv/http/http-metrics/#http-server
 */
import type { RequestListener } from 'node:http';
import type { HistogramMetricData } from '@opentelemetry/sdk-metrics';
import { Histogram, type HistogramRow } from './histogram.ts';
import { routeOf } from './route.ts';

/** As the semantic conventions advise, seconds. */
const BOUNDARIES = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const OTHER_METHOD = '_OTHER';

export interface RequestMeter {
  /** `handler`, with each request counted and timed. */
  measured(handler: RequestListener): RequestListener;
  /** Requests under way. */
  active(): number;
  durations(): HistogramMetricData;
}

/** A meter for requests to a service with these FHIR bases. */
export function requestMeter(scheme: 'http' | 'https', fhirBases: readonly string[]): RequestMeter {
  const histogram = new Histogram({
    name: 'http.server.request.duration',
    description: 'Duration of HTTP server requests.',
    unit: 's',
    boundaries: BOUNDARIES,
  });
  /** By route, then method, then status: no key has to be put together for a request. */
  const rows = new Map<string, Map<string, Map<number, HistogramRow>>>();
  let active = 0;

  function rowOf(route: string, method: string, status: number): HistogramRow {
    const known = rows.get(route)?.get(method)?.get(status);
    if (known !== undefined) return known;
    const row = histogram.row({
      'http.request.method': method,
      'url.scheme': scheme,
      'http.route': route,
      'http.response.status_code': status,
      ...(status >= 500 ? { 'error.type': String(status) } : {}),
    });
    const methods = rows.get(route) ?? new Map<string, Map<number, HistogramRow>>();
    rows.set(route, methods.set(method, (methods.get(method) ?? new Map<number, HistogramRow>()).set(status, row)));
    return row;
  }

  return {
    measured: (handler) => (request, response) => {
      const startedMs = performance.now();
      // Express changes it on the way.
      const { url = '/', method = OTHER_METHOD } = request;
      active += 1;
      response.once('close', () => {
        active -= 1;
        const row = rowOf(routeOf(url, fhirBases), METHODS.includes(method) ? method : OTHER_METHOD, response.statusCode);
        histogram.record(row, (performance.now() - startedMs) / 1000);
      });
      handler(request, response);
    },
    active: () => active,
    durations: () => histogram.data(),
  };
}
