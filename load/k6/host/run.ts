import { HttpThread, httpModule } from './http';
import { Metrics, type MetricKind, type Tags, type Threshold } from './metrics';
import { readOptions, type Scenario } from './scenarios';
import { Script } from './script';
import { timersModule } from './timers';
import { VirtualUser } from './virtual-user';
import { webSocketsModule } from './websockets';

export interface Run {
  metrics: Metrics;
  thresholds: Threshold[];
  /** What the script threw, or aborted the run with; such a run has failed, whatever its thresholds say. */
  problems: string[];
}

/** The run was broken off by the script. */
class Aborted extends Error {}

/**
 * Runs a k6 script: its outermost code and the scenarios for each virtual user, `setup` and `teardown` once. All virtual
 * users share one thread, so a script that waits for a request without `async` holds up all of them.
 *
 * @param env what the script sees as `__ENV`
 * @throws Error when the script cannot be run at all
 */
export async function runScript(file: string, env: Record<string, string>): Promise<Run> {
  const stage = new Stage(file, env);
  try {
    return await stage.run();
  } finally {
    await stage.close();
  }
}

class Stage {
  private readonly script: Script;
  private readonly metrics = new Metrics();
  private readonly http = new HttpThread();
  private readonly shared = new Map<string, readonly unknown[]>();
  private readonly users: VirtualUser[] = [];
  private readonly problems: string[] = [];
  private readonly iterations = this.metrics.metric('iterations', 'counter');
  private readonly durations = this.metrics.metric('iteration_duration', 'trend');

  constructor(
    file: string,
    private readonly env: Record<string, string>,
  ) {
    this.script = new Script(file);
  }

  async run(): Promise<Run> {
    const director = this.enter(0);
    const { scenarios, limits } = readOptions(director.exports.options);
    const thresholds = this.metrics.thresholds(limits);
    const data = await this.perform(director, 'setup');
    let firstId = 1;
    const played: Promise<void>[] = [];
    for (const scenario of this.problems.length > 0 ? [] : scenarios) {
      played.push(this.play(scenario, firstId, data));
      firstId += scenario.vus;
    }
    await Promise.all(played);
    await this.perform(director, 'teardown', data);
    return { metrics: this.metrics, thresholds, problems: this.problems };
  }

  async close(): Promise<void> {
    for (const user of this.users) user.stop();
    await this.http.close();
  }

  /** A virtual user of its own, with the script's outermost code run. */
  private enter(id: number): { user: VirtualUser; exports: Record<string, unknown> } {
    const user = new VirtualUser(id, (error) => this.complain(error));
    this.users.push(user);
    const timers = timersModule(user);
    const modules = {
      'k6/http': httpModule(this.http, user, this.metrics),
      'k6/websockets': webSocketsModule(user, this.metrics),
      'k6/timers': timers,
      'k6/metrics': metricsModule(this.metrics),
      'k6/data': { SharedArray: this.sharedArray() },
      'k6/execution': { default: { vu: { idInTest: id }, test: { abort } } },
    };
    const exports = this.script.run(modules, { __ENV: this.env, __VU: id, console, ...timers });
    return { user, exports };
  }

  private async play({ vus, iterations, exec, limitMs }: Scenario, firstId: number, data: unknown): Promise<void> {
    const cast = Array.from({ length: vus }, (_, index) => this.enter(firstId + index));
    const timer = setTimeout(() => {
      this.complain(new Error(`the scenario was not over after ${limitMs / 1_000} s`));
      for (const { user } of cast) user.stop();
    }, limitMs);
    const perform = async (member: (typeof cast)[number]): Promise<void> => {
      for (let iteration = 0; iteration < iterations; iteration += 1) {
        const startedAt = performance.now();
        await this.perform(member, exec, data);
        this.iterations.add(1);
        this.durations.add(performance.now() - startedAt);
      }
    };
    await Promise.all(cast.map(perform));
    clearTimeout(timer);
  }

  /** Calls one of the script's functions, if there is one, and waits for all that it began. */
  private async perform(
    { user, exports }: { user: VirtualUser; exports: Record<string, unknown> },
    name: string,
    data?: unknown,
  ): Promise<unknown> {
    const act = exports[name];
    let result: unknown;
    try {
      if (typeof act === 'function') result = (await Reflect.apply(act, undefined, [copy(data)])) as unknown;
      else if (name !== 'setup' && name !== 'teardown') throw new Error(`the script exports no function ${name}`);
    } catch (error) {
      this.complain(error);
    }
    await user.idle();
    return copy(result);
  }

  private sharedArray(): unknown {
    const { shared } = this;
    return function SharedArray(name: string, make: () => unknown[]): readonly unknown[] {
      const known = shared.get(name) ?? Object.freeze(make());
      shared.set(name, known);
      return known;
    };
  }

  private complain(error: unknown): void {
    this.problems.push(error instanceof Aborted ? error.message : String((error as Error)?.stack ?? error));
  }
}

function abort(reason = 'no reason given'): never {
  throw new Aborted(`the script aborted the run: ${reason}`);
}

/** Virtual users share nothing: what goes from one to another goes as JSON. */
const copy = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));

function metricsModule(metrics: Metrics): Record<string, unknown> {
  const kind = (of: MetricKind) =>
    class {
      private readonly metric;
      constructor(readonly name: string) {
        this.metric = metrics.metric(name, of);
      }
      add(value: number | boolean, tags?: Tags): void {
        this.metric.add(value, tags);
      }
    };
  return { Counter: kind('counter'), Gauge: kind('gauge'), Rate: kind('rate'), Trend: kind('trend') };
}
