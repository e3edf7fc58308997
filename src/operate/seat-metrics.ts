import { Gauge, Histogram, type Registry } from 'prom-client';
import type { SeatLedger } from '../registration/ledger/seat-ledger';
import { counter, counterBy } from './counters';

/** From a batch of one on an idle machine up to what the pool's statement timeout lets a batch take, s. */
const BATCH_BUCKETS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20];

/** How seats are granted and taken back on this pod. */
export function seatMetrics(registry: Registry, ledger: SeatLedger): void {
  new Gauge({
    name: 'sunbeon_seat_requests_waiting',
    help: 'Seat requests that wait for the next batch of this pod',
    registers: [registry],
    collect() {
      this.set(ledger.figures().waiting);
    },
  });
  const count = (name: string, help: string, read: (figures: ReturnType<SeatLedger['figures']>) => number): void =>
    counter(registry, name, help, () => read(ledger.figures()));
  count('sunbeon_seat_requests_total', 'Seat requests that were decided and committed', (of) => of.requests);
  count('sunbeon_seat_batches_total', 'Batches of seat requests that were committed', (of) => of.batches);
  count('sunbeon_seat_bisections_total', 'Batches that failed and were split', (of) => of.bisections);
  count('sunbeon_seat_requests_poisoned_total', 'Seat requests that failed even alone', (of) => of.poisoned);
  count('sunbeon_seat_commits_unknown_total', 'COMMITs whose answer was lost', (of) => of.unknownCommits);
  const help = 'Sections that were refused to a student, by code';
  counterBy(registry, { name: 'sunbeon_seats_refused_total', help, label: 'code' }, () => ledger.figures().refused);
  const duration = new Histogram({
    name: 'sunbeon_seat_batch_duration_seconds',
    help: 'From the first statement of a batch to the answer of COMMIT; failed: by the database, not by a request',
    labelNames: ['failed'],
    buckets: BATCH_BUCKETS_SECONDS,
    registers: [registry],
  });
  for (const failed of ['true', 'false']) duration.zero({ failed });
  ledger.onBatch(({ durationMs, failed }) => duration.observe({ failed: String(failed) }, durationMs / 1_000));
}
