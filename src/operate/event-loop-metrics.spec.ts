import { collectDefaultMetrics, Registry } from 'prom-client';
import { eventLoopMetrics, OWN_LAG_PRECISION_MS } from './event-loop-metrics';

describe('the metrics of the event loop', () => {
  const registry = new Registry();
  let end: () => void;

  beforeAll(() => {
    collectDefaultMetrics({
      register: registry,
      prefix: 'sunbeon_',
      eventLoopMonitoringPrecision: OWN_LAG_PRECISION_MS,
    });
    end = eventLoopMetrics(registry);
  });
  afterAll(() => end());

  async function read(name: string, figure?: string): Promise<number> {
    const metric = registry.getSingleMetric(name);
    const { values } = (await metric?.get()) ?? { values: [] };
    return values.find(({ labels }) => figure === undefined || labels.figure === figure)?.value ?? NaN;
  }

  /** Keeps the one thread from everything else. */
  function block(ms: number): void {
    const until = performance.now() + ms;
    while (performance.now() < until);
  }

  const measurement = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50));

  it('say how long whatever came in had to wait', async () => {
    await measurement();
    block(300);
    await measurement();
    expect(await read('sunbeon_event_loop_lag_seconds', 'max')).toBeGreaterThan(0.2);
  });

  it('count turns, and the time in which there was something to do', async () => {
    const [turns, busy] = [
      await read('sunbeon_event_loop_turns_total'),
      await read('sunbeon_event_loop_busy_seconds_total'),
    ];
    block(100);
    await measurement();
    expect(await read('sunbeon_event_loop_turns_total')).toBeGreaterThan(turns);
    expect(await read('sunbeon_event_loop_busy_seconds_total')).toBeGreaterThan(busy + 0.05);
  });

  it('say the lag once, without the time between two measurements', () => {
    const names = registry.getMetricsAsArray().map(({ name }) => name);
    expect(names.filter((name) => name.includes('lag'))).toEqual(['sunbeon_event_loop_lag_seconds']);
  });
});
