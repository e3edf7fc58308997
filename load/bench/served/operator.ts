import { z } from 'zod';
import { askJson } from '../../support/http';

const anything = z.looseObject({});

export interface BenchRoom {
  id: string;
  /** One that the service knows; without it the room stands in front of another site. */
  termId?: string;
  ratePerSecond?: number;
  capacity?: number;
  leaseSeconds?: number;
}

/** A lease outlasts every bench. */
export const LEASE_SECONDS = 3_600;

/** What benches do as an operator, and read from the metrics. */
export class BenchOperator {
  constructor(
    private readonly url: string,
    private readonly tokens: { operator: string; metrics: string },
  ) {}

  /** One that is open. */
  async makeRoom({ id, termId, ...pace }: BenchRoom): Promise<void> {
    const { ratePerSecond = 0, capacity = 1_000_000, leaseSeconds = LEASE_SECONDS } = pace;
    const where = termId === undefined ? { termId: 'bench', site: true } : { termId };
    const body = { id, ...where, name: id, opensAt: Date.now(), ratePerSecond, capacity, leaseSeconds };
    await this.ask('/api/operator/rooms', 'POST', body);
  }

  /** How fast the line moves from now on; 0 = it stands. */
  async setRate(roomId: string, ratePerSecond: number): Promise<void> {
    await this.ask(`/api/operator/rooms/${roomId}`, 'PATCH', { ratePerSecond });
  }

  /** Every series of one pod by its name with labels. Some begin anew with each look. */
  async metrics(podUrl = this.url): Promise<Map<string, number>> {
    const response = await fetch(`${podUrl}/metrics`, { headers: { Authorization: `Bearer ${this.tokens.metrics}` } });
    if (!response.ok) throw new Error(`GET /metrics: ${response.status}`);
    return readMetrics(await response.text());
  }

  private async ask(path: string, method: 'POST' | 'PATCH', body: object): Promise<void> {
    await askJson(`${this.url}${path}`, anything, { method, body, token: this.tokens.operator });
  }
}

/** The text format of Prometheus: `name{labels} value`. */
export function readMetrics(text: string): Map<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const at = line.lastIndexOf(' ');
      return [line.slice(0, at), Number(line.slice(at + 1))];
    }),
  );
}
