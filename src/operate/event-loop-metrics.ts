import { Gauge, type Registry } from 'prom-client';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { counter } from './counters';

/** How often the lag is measured, ms: each time wakes the process. */
const RESOLUTION_MS = 20;
const NS_PER_SECOND = 1e9;

/** prom-client's own gauges of the lag, which say what ours say plus the time between two measurements. */
const OWN_LAG = ['', '_min', '_max', '_mean', '_stddev', '_p50', '_p90', '_p99'].map(
  (figure) => `sunbeon_nodejs_eventloop_lag${figure}_seconds`,
);
/** How often those measure all the same, ms. */
export const OWN_LAG_PRECISION_MS = 60_000;

/**
 * How busy the one thread is that does everything, and how long whatever comes in waits for it. Its turns are also what
 * limits new connections: some are taken in each.
 *
 * @returns ends measuring
 */
export function eventLoopMetrics(registry: Registry): () => void {
  for (const name of OWN_LAG) registry.removeSingleMetric(name);
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  const lagSeconds = (ns: number): number => Math.max(0, ns / NS_PER_SECOND - RESOLUTION_MS / 1_000);
  new Gauge({
    name: 'sunbeon_event_loop_lag_seconds',
    help: 'How much later than due the event loop came to something, since it was last asked for',
    labelNames: ['figure'],
    registers: [registry],
    collect() {
      // Nothing has been measured when two ask within one measurement.
      const measured = delay.count > 0;
      this.set({ figure: 'p50' }, measured ? lagSeconds(delay.percentile(50)) : 0);
      this.set({ figure: 'p99' }, measured ? lagSeconds(delay.percentile(99)) : 0);
      this.set({ figure: 'max' }, measured ? lagSeconds(delay.max) : 0);
      delay.reset();
    },
  });
  const turns = 'Turns of the event loop; as few in a second as they are long';
  counter(registry, 'sunbeon_event_loop_turns_total', turns, () => performance.nodeTiming.uvMetricsInfo.loopCount);
  const busy = 'Time in which the event loop did not wait for anything to do';
  counter(registry, 'sunbeon_event_loop_busy_seconds_total', busy, () => {
    return performance.eventLoopUtilization().active / 1_000;
  });
  return () => delay.disable();
}
