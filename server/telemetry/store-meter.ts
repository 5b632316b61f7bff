/**
 * How long the store takes, by method of its port.
 *
 * Spec: https://opentelemetry.io/docs/specs/semconv/database/database-metrics/
 */
import type { HistogramMetricData } from '@opentelemetry/sdk-metrics';
import type { ResourceStore } from '../store/resource-store.ts';
import { Histogram, type HistogramRow } from './histogram.ts';

/** As the semantic conventions advise, seconds. */
const BOUNDARIES = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];

export interface StoreMeter {
  /** The same store, timed. */
  measured(store: ResourceStore): ResourceStore;
  durations(): HistogramMetricData;
}

/** A meter for a store of this kind. */
export function storeMeter(system: 'sqlite' | 'postgresql'): StoreMeter {
  const histogram = new Histogram({
    name: 'db.client.operation.duration',
    description: 'Duration of database client operations.',
    unit: 's',
    boundaries: BOUNDARIES,
  });
  const operation = (name: string) => {
    const attributes = { 'db.system.name': system, 'db.operation.name': name };
    const done = histogram.row(attributes);
    let failed: HistogramRow | undefined;
    return {
      done,
      failed: () => {
        failed ??= histogram.row({ ...attributes, 'error.type': '_OTHER' });
        return failed;
      },
    };
  };
  type Operation = ReturnType<typeof operation>;
  const operations = {
    read: operation('read'),
    readMany: operation('readMany'),
    readVersion: operation('readVersion'),
    history: operation('history'),
    search: operation('search'),
    referencesFrom: operation('referencesFrom'),
    referencesTo: operation('referencesTo'),
    transact: operation('transact'),
    settled: operation('settled'),
    areCurrent: operation('areCurrent'),
  };

  /** The answer itself is handed on: to look at it costs its reader no turn. */
  function timed<Answer>(of: Operation, startedMs: number, answer: Promise<Answer>): Promise<Answer> {
    answer.then(
      () => histogram.record(of.done, (performance.now() - startedMs) / 1000),
      () => histogram.record(of.failed(), (performance.now() - startedMs) / 1000),
    );
    return answer;
  }

  const measured = (store: ResourceStore): ResourceStore => ({
    ...store,
    read: (type, id) => timed(operations.read, performance.now(), store.read(type, id)),
    readMany: (keys, bytesMax) => timed(operations.readMany, performance.now(), store.readMany(keys, bytesMax)),
    readVersion: (type, id, version) => timed(operations.readVersion, performance.now(), store.readVersion(type, id, version)),
    history: (query) => timed(operations.history, performance.now(), store.history(query)),
    search: (query) => timed(operations.search, performance.now(), store.search(query)),
    referencesFrom: (sources, params, type) =>
      timed(operations.referencesFrom, performance.now(), store.referencesFrom(sources, params, type)),
    referencesTo: (targets, type, param, limit) =>
      timed(operations.referencesTo, performance.now(), store.referencesTo(targets, type, param, limit)),
    atOneMoment: (work) => store.atOneMoment((moment) => work(measured(moment))),
    transact: (plan) => timed(operations.transact, performance.now(), store.transact(plan)),
    settled: () => timed(operations.settled, performance.now(), store.settled()),
    areCurrent: (versions) => timed(operations.areCurrent, performance.now(), store.areCurrent(versions)),
  });
  return {
    measured,
    durations: () => histogram.data(),
  };
}
