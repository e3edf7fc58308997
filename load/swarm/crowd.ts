import { type ClientConduct, SwarmClient } from './client';
import type { ArrivalPlan, Comer } from './plan';
import type { Destination } from './raw-websocket';
import { HttpPoller, TcpReader } from './reader';
import { Tally } from './tally';
import { Twins } from './twins';

/** How often it is looked who is to come, ms. */
const ARRIVAL_STEP_MS = 2;

interface Client {
  leave(): void;
  /** Of the place, once there is one. */
  number?: number;
}

/** The clients of one process. */
export class Crowd {
  readonly tally = new Tally();
  private readonly clients: Client[] = [];
  private readonly arrivals = new Set<NodeJS.Timeout>();

  /** Lets them come, evenly over the time, however the service bears it. */
  arrive(plan: ArrivalPlan): void {
    const { comers, overMs } = plan;
    const start = performance.now();
    const [everyMs, destinations] = [overMs / Math.max(1, comers.length), plan.urls.map(destinationOf)];
    let next = 0;
    const timer = setInterval(() => {
      const now = performance.now();
      for (; next < comers.length && start + next * everyMs <= now; next += 1) {
        const to = destinations[next % destinations.length];
        const comer = comers[next];
        if (to && comer) this.clients.push(...this.clientsOf(plan, comer, to, start + next * everyMs));
      }
      if (next >= comers.length) this.endArrival(timer);
    }, ARRIVAL_STEP_MS);
    this.arrivals.add(timer);
  }

  /** The numbers in line that were given. */
  numbers(): number[] {
    return this.clients.flatMap(({ number }) => (number === undefined ? [] : [number]));
  }

  leave(): void {
    for (const timer of this.arrivals) this.endArrival(timer);
    for (const client of this.clients.splice(0)) client.leave();
  }

  private endArrival(timer: NodeJS.Timeout): void {
    clearInterval(timer);
    this.arrivals.delete(timer);
  }

  private clientsOf(
    { conduct, address, leaseMs }: ArrivalPlan,
    comer: Comer,
    to: Destination,
    cameAt: number,
  ): Client[] {
    const { tally } = this;
    const destination: Destination = { ...to, localAddress: `127.0.0.${address}` };
    const client = (one: ClientConduct): Client =>
      new SwarmClient(comer, destination, { ...one, leaseMs }, tally, cameAt);
    switch (conduct.kind) {
      case 'tcp':
        return [new TcpReader(destination, tally)];
      case 'polling': {
        const headers = { Authorization: `Bearer ${comer.token}` };
        const first = this.clients.length;
        return [new HttpPoller({ ...destination, headers }, { ...conduct, first }, tally)];
      }
      case 'silent':
        return [client({})];
      case 'waiting':
        return [client(conduct)];
      case 'twins': {
        const [{ roomId }, twins] = [conduct, new Twins(tally)];
        return [client({ roomId, twins }), client({ roomId, twins, extrapolates: true })];
      }
    }
  }
}

function destinationOf(url: string): Destination {
  const { hostname: host, port } = new URL(url);
  return { host, port: Number(port), path: '/' };
}
