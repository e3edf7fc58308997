import { Gauge, type Registry } from 'prom-client';
import { BACKLOG_STATES, type OutboxBacklog } from '../notice/outbox-backlog';
import type { OutboxWorker } from '../notice/outbox-worker';
import { counterBy } from './counters';

/**
 * The e-mails: what this pod has done, and what all pods have yet to do. While the database cannot say how much that is,
 * there is no number of mails and no age, and `sunbeon_outbox_available` is 0.
 */
export function outboxMetrics(registry: Registry, backlog: OutboxBacklog, worker: OutboxWorker): void {
  counterBy(
    registry,
    { name: 'sunbeon_mail_attempts_total', help: 'What this pod tried to send, and how it went', label: 'outcome' },
    () => ({ ...worker.figures }),
  );
  const registers = [registry];
  new Gauge({
    name: 'sunbeon_outbox_available',
    help: '1 while the outbox can be counted',
    registers,
    async collect() {
      this.set((await backlog.read()) ? 1 : 0);
    },
  });
  new Gauge({
    name: 'sunbeon_outbox_mails',
    help: 'Mails of all pods that have not been sent',
    labelNames: ['state'],
    registers,
    async collect() {
      const found = await backlog.read();
      this.reset();
      for (const state of found ? BACKLOG_STATES : []) this.set({ state }, found?.mails[state] ?? 0);
    },
  });
  new Gauge({
    name: 'sunbeon_outbox_oldest_waiting_seconds',
    help: 'Age of the oldest mail of all pods that waits to be sent; 0 when none waits',
    registers,
    async collect() {
      const found = await backlog.read();
      if (found) this.set(found.oldestWaitingMs / 1_000);
      else this.remove();
    },
  });
}
