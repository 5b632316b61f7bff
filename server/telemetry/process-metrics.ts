/**
 * How the process itself is: its event loop, memory and processor time, looked at when somebody asks.
 *
 * Spec: https://opentelemetry.io/docs/specs/semconv/runtime/nodejs-metrics/ · …/runtime/v8js-metrics/ · …/system/process-metrics/
 */
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { getHeapSpaceStatistics } from 'node:v8';
import type { Meter } from '@opentelemetry/api';

type IntervalHistogram = ReturnType<typeof monitorEventLoopDelay>;

const NANOSECONDS = 1e9;
const RESOLUTION_MS = 20;
const DELAYS = {
  min: (of: IntervalHistogram) => of.min,
  max: (of: IntervalHistogram) => of.max,
  mean: (of: IntervalHistogram) => of.mean,
  p50: (of: IntervalHistogram) => of.percentile(50),
  p90: (of: IntervalHistogram) => of.percentile(90),
  p99: (of: IntervalHistogram) => of.percentile(99),
};

/** Adds the instruments. @returns what stops the watch over the event loop. */
export function addProcessMetrics(meter: Meter): () => void {
  addMemory(meter);
  addProcessor(meter);
  return addEventLoop(meter);
}

function addEventLoop(meter: Meter): () => void {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  const instruments = Object.entries(DELAYS).map(([name, read]) => {
    const description = `Event loop ${name} delay.`;
    return { instrument: meter.createObservableGauge(`nodejs.eventloop.delay.${name}`, { description, unit: 's' }), read };
  });
  meter.addBatchObservableCallback(
    (result) => {
      // An empty histogram has no mean and an absurd minimum.
      if (delay.count === 0) return;
      for (const { instrument, read } of instruments) result.observe(instrument, read(delay) / NANOSECONDS);
      delay.reset();
    },
    instruments.map(({ instrument }) => instrument),
  );
  let before = performance.eventLoopUtilization();
  meter
    .createObservableGauge('nodejs.eventloop.utilization', {
      description: 'Event loop utilization since it was last asked for.',
      unit: '1',
    })
    .addCallback((result) => {
      const now = performance.eventLoopUtilization();
      result.observe(performance.eventLoopUtilization(now, before).utilization);
      before = now;
    });
  return () => delay.disable();
}

function addMemory(meter: Meter): void {
  const used = meter.createObservableUpDownCounter('v8js.memory.heap.used', { description: 'Heap memory in use.', unit: 'By' });
  const limit = meter.createObservableUpDownCounter('v8js.memory.heap.limit', { description: 'Heap memory set aside.', unit: 'By' });
  meter.addBatchObservableCallback(
    (result) => {
      for (const { space_name: name, space_used_size: inUse, space_size: size } of getHeapSpaceStatistics()) {
        const attributes = { 'v8js.heap.space.name': name };
        result.observe(used, inUse, attributes);
        result.observe(limit, size, attributes);
      }
    },
    [used, limit],
  );
  meter
    .createObservableUpDownCounter('process.memory.usage', { description: 'Physical memory in use.', unit: 'By' })
    .addCallback((result) => result.observe(process.memoryUsage.rss()));
}

function addProcessor(meter: Meter): void {
  meter.createObservableCounter('process.cpu.time', { description: 'Processor time used.', unit: 's' }).addCallback((result) => {
    const { user, system } = process.cpuUsage();
    result.observe(user / 1e6, { 'cpu.mode': 'user' });
    result.observe(system / 1e6, { 'cpu.mode': 'system' });
  });
  meter
    .createObservableGauge('process.uptime', { description: 'Time since the start.', unit: 's' })
    .addCallback((result) => result.observe(process.uptime()));
}
