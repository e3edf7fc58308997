import { Injectable, OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { randomId } from '../../common/ids';
import { PollingLoop } from '../../common/polling-loop';
import { type PodReport, SAMPLE_MS, type ServiceHistory } from '../../contract/operate/console';
import { Drain } from '../../live/drain/drain';
import { FanOut } from '../../live/fan-out/fan-out';
import { LiveSessions } from '../../live/live-sessions';
import type { PodHistory, PodSample } from '../../live/session';
import { EnrolmentEvents } from '../../registration/ports';
import { SeatLedger } from '../../registration/ledger/seat-ledger';
import { History } from './history';
import { KEPT_SAMPLES, LineHistories } from './line-histories';

/** A pod that says nothing for so long is not shown any more, ms. */
const SILENT_MS = 15_000;
/** Of Node: how finely the event loop is watched, ms. */
const LAG_RESOLUTION_MS = 10;
const PACKAGE = join(__dirname, '..', '..', '..', 'package.json');

type ByPod = Map<string, PodSample>;

/** Takes a sample of this pod every two seconds, tells the other pods, and keeps the last minutes of all of them. */
@Injectable()
export class PodSamples implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly podId = randomId();
  private readonly startedAt = Date.now();
  private readonly version = (JSON.parse(readFileSync(PACKAGE, 'utf8')) as { version: string }).version;
  private readonly history = new History<ByPod>(SAMPLE_MS, KEPT_SAMPLES, () => new Map());
  private readonly reports = new Map<string, PodReport>();
  private readonly lag: IntervalHistogram = monitorEventLoopDelay({ resolution: LAG_RESOLUTION_MS });
  private readonly sampling = new PollingLoop(
    () => Promise.resolve(this.sample()),
    () => SAMPLE_MS - (Date.now() % SAMPLE_MS),
  );
  private before = { requests: 0, refused: {} as Readonly<Record<string, number>> };
  private hasAsked = false;
  private enrolled = 0;
  private commitsMs: number[] = [];

  constructor(
    private readonly lines: LineHistories,
    private readonly ledger: SeatLedger,
    private readonly sessions: LiveSessions,
    private readonly fanOut: FanOut,
    private readonly drain: Drain,
    events: EnrolmentEvents,
  ) {
    ledger.onBatch(({ durationMs }) => void this.commitsMs.push(durationMs));
    events.subscribe(({ changes }) => {
      this.enrolled += changes.filter(({ state }) => state === 'enrolled').length;
    });
  }

  onApplicationBootstrap(): void {
    this.lag.enable();
    this.fanOut.onPodSampled((sample) => this.learn(sample));
    this.fanOut.onHistoryWanted((podId) => this.tellHistory(podId));
    this.fanOut.onHistoryTold((podId, told) => this.learnHistory(podId, told));
    this.sampling.start();
  }

  async onApplicationShutdown(): Promise<void> {
    this.lag.disable();
    await this.sampling.stop();
  }

  /** The pods that spoke lately, in the order of their start. */
  pods(): PodReport[] {
    const now = Date.now();
    for (const [podId, { seenAt }] of this.reports) if (seenAt < now - SILENT_MS) this.reports.delete(podId);
    return [...this.reports.values()].sort((one, other) => one.startedAt - other.startedAt);
  }

  /** All pods together; only what began at `since` (ms) or later. */
  read(since = 0): ServiceHistory {
    const rows = this.history.since(since).map(([at, byPod]) => ({ at, samples: [...byPod.values()] }));
    const column = (of: (samples: PodSample[]) => number): number[] => rows.map(({ samples }) => of(samples));
    const codes = new Set(rows.flatMap(({ samples }) => samples.flatMap(({ refused }) => Object.keys(refused))));
    return {
      at: rows.map(({ at }) => at),
      enrolled: column((samples) => sum(samples.map(({ enrolled }) => enrolled))),
      requests: column((samples) => sum(samples.map(({ requests }) => requests))),
      refused: Object.fromEntries(
        [...codes].map((code) => [code, column((samples) => sum(samples.map(({ refused }) => refused[code] ?? 0)))]),
      ),
      commitP50Ms: column((samples) => Math.max(0, ...samples.map(({ commitP50Ms }) => commitP50Ms))),
      commitP99Ms: column((samples) => Math.max(0, ...samples.map(({ commitP99Ms }) => commitP99Ms))),
      sockets: column((samples) => sum(samples.map(({ report }) => report.sockets))),
    };
  }

  private sample(): void {
    this.lines.sample();
    const now = Date.now();
    const { requests, refused, waiting } = this.ledger.figures();
    const durations = this.commitsMs.sort((one, other) => one - other);
    const sample: PodSample = {
      report: this.report(now, waiting),
      at: Math.floor((now - 1) / SAMPLE_MS) * SAMPLE_MS,
      enrolled: this.enrolled,
      requests: requests - this.before.requests,
      refused: since(refused, this.before.refused),
      commitP50Ms: quantile(durations, 0.5),
      commitP99Ms: quantile(durations, 0.99),
    };
    this.before = { requests, refused };
    this.enrolled = 0;
    this.commitsMs = [];
    this.lag.reset();
    this.learn(sample);
    this.fanOut.tellPodsOfSample(sample);
    if (!this.hasAsked) this.hasAsked = this.fanOut.askPodsForHistory(this.podId);
  }

  /** Only the pod that has run for the longest, as far as this one knows: one answer is enough. */
  private tellHistory(podId: string): void {
    const oldest = this.pods().find((pod) => pod.podId !== podId);
    if (oldest?.podId !== this.podId) return;
    const samples = this.history.all().flatMap(([, byPod]) => [...byPod.values()]);
    this.fanOut.tellPodHistory(podId, { lines: this.lines.read(), samples });
  }

  private learnHistory(podId: string, { lines, samples }: PodHistory): void {
    if (podId !== this.podId) return;
    this.lines.learn(lines);
    const now = Date.now();
    for (const sample of samples) this.history.row(sample.at, now)?.set(sample.report.podId, sample);
  }

  private report(now: number, seatRequestsWaiting: number): PodReport {
    return {
      ...{ podId: this.podId, version: this.version, startedAt: this.startedAt, seenAt: now },
      sockets: this.sessions.size,
      // Nanoseconds; the histogram counts its own resolution in.
      lagMs: Math.max(0, Math.round(this.lag.max / 1e6 - LAG_RESOLUTION_MS)),
      memoryBytes: process.memoryUsage.rss(),
      seatRequestsWaiting,
      draining: this.drain.active,
    };
  }

  /** What another pod says is as old as it is heard: its clock may differ. */
  private learn(sample: PodSample): void {
    const now = Date.now();
    this.reports.set(sample.report.podId, { ...sample.report, seenAt: now });
    this.history.row(sample.at, now)?.set(sample.report.podId, sample);
  }
}

const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);

const quantile = (sorted: readonly number[], share: number): number =>
  Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0) * 10) / 10;

function since(
  now: Readonly<Record<string, number>>,
  before: Readonly<Record<string, number>>,
): Record<string, number> {
  const rose = Object.entries(now).map(([code, count]): [string, number] => [code, count - (before[code] ?? 0)]);
  return Object.fromEntries(rose.filter(([, count]) => count > 0));
}
