/**
 * What the service measures of itself, in OpenTelemetry's names, as text that Prometheus and others read. Attributes come
 * from short lists: no ids, no names, nothing a client makes up.
 *
 * Spec: https://opentelemetry.io/docs/specs/otel/metrics/sdk_exporters/prometheus/
 */
import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import { COMMITS, type CommitMessage } from '../store/commit-channel.ts';
import { Histogram } from './histogram.ts';
import { addProcessMetrics } from './process-metrics.ts';
import { type RequestMeter, requestMeter } from './request-meter.ts';
import { type StoreMeter, storeMeter } from './store-meter.ts';

export interface TelemetryOptions {
  readonly system: 'sqlite' | 'postgresql';
  readonly scheme: 'http' | 'https';
  /** Paths of the FHIR bases. */
  readonly fhirBases: readonly string[];
  /** AuditEvents that no seal names yet. */
  readonly unsealed: () => number;
  /** Pieces of the access log's journal that could not be read, and lie aside. */
  readonly damaged: () => number;
}

export interface Telemetry {
  readonly requests: RequestMeter;
  readonly store: StoreMeter;
  /** All metrics now, in the text format of Prometheus. */
  text(): Promise<string>;
  close(): Promise<void>;
}

const GROUP_SIZES = [1, 2, 4, 8, 16, 32, 64, 128];

/** Starts to measure. One for a process: the event loop has only one. */
export function createTelemetry(options: TelemetryOptions): Telemetry {
  const requests = requestMeter(options.scheme, options.fhirBases);
  const store = storeMeter(options.system);
  const groups = new Histogram({
    name: 'fellesplan.commit.group_size',
    description: 'Pieces of work that shared one commit.',
    unit: '{write}',
    boundaries: GROUP_SIZES,
  });
  const groupRow = groups.row({});
  const onCommit = (message: unknown): void => groups.record(groupRow, (message as CommitMessage).size);
  COMMITS.subscribe(onCommit);

  const reader = new PulledReader();
  const provider = new MeterProvider({ readers: [reader] });
  const meter = provider.getMeter('fellesplan');
  meter
    .createObservableUpDownCounter('http.server.active_requests', { description: 'Requests under way.', unit: '{request}' })
    .addCallback((result) => result.observe(requests.active(), { 'url.scheme': options.scheme }));
  meter
    .createObservableUpDownCounter('fellesplan.audit.unsealed', { description: 'AuditEvents that no seal names yet.', unit: '{event}' })
    .addCallback((result) => result.observe(options.unsealed()));
  meter
    .createObservableUpDownCounter('fellesplan.audit.damaged', {
      description: 'Pieces of the journal of the access log that could not be read, and lie aside.',
      unit: '{piece}',
    })
    .addCallback((result) => result.observe(options.damaged()));
  const stopWatching = addProcessMetrics(meter);
  const serializer = new PrometheusSerializer(undefined, false, undefined, true, true);
  return {
    requests,
    store,
    async text() {
      const { resourceMetrics } = await reader.collect();
      const counted = [requests.durations(), store.durations(), groups.data()];
      const scopeMetrics = [...resourceMetrics.scopeMetrics, { scope: { name: 'fellesplan' }, metrics: counted }];
      return serializer.serialize({ ...resourceMetrics, scopeMetrics });
    },
    async close() {
      COMMITS.unsubscribe(onCommit);
      stopWatching();
      await provider.shutdown();
    },
  };
}

/** Read when somebody asks, not from time to time. */
class PulledReader extends MetricReader {
  protected async onShutdown(): Promise<void> {}

  protected async onForceFlush(): Promise<void> {}
}
