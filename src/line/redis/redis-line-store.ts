import { Logger } from '@nestjs/common';
import { withDeadline } from '../../common/deadline';
import type { RedisClients } from '../../redis/redis-clients';
import { loadScripts } from '../../redis/script-loader';
import { ScriptRunner } from '../../redis/script-runner';
import { lineError } from '../line-error';
import { assertDetachable, assertMoves, assertPage, assertRestorable, assertSocket, perMille } from '../line-input';
import {
  FeedPage,
  JoinOutcome,
  JoinRequest,
  LINE_LIMITS,
  LineLimits,
  LineRef,
  LineSettings,
  LineSnapshot,
  LineStanding,
  LineStore,
  FeedReport,
  LotteryMove,
  OpenOptions,
  OperatorAct,
  RestoredTicket,
  StudentSocket,
  TickOutcome,
} from '../line-store';
import type { Ticket } from '../ticket';
import { FeedNews } from './feed-news';
import { KEY_COUNT, lineKeys } from './keys';
import { toLineError } from './redis-line-error';
import { parseFeed, parseJoin, parseSnapshot, parseStanding, parseTick, parseTicket } from './redis-line-format';
import { StoreTrouble } from './store-trouble';

export interface RedisLineStoreOptions {
  limits?: Partial<LineLimits>;
  /** Lua that replaces include files by name. Tests give a clock that they set; the scripts themselves know only TIME. */
  includes?: Record<string, string>;
}

/**
 * The line in Redis: the engine of the clustered mode. Each method is one script (`<verb>.lua` beside this file), and
 * so one atomic step by the server's own clock; nothing is kept here.
 */
export class RedisLineStore implements LineStore {
  private readonly scripts: ScriptRunner;
  private readonly news: FeedNews;
  private readonly trouble = new StoreTrouble();
  private readonly logger = new Logger('Line');
  /** Names of events that newer pods write and this one does not know. */
  private readonly unknownEvents = new Set<string>();
  private closed = false;

  /** @param clients stay open when this store is closed; whoever made them ends them */
  constructor(
    private readonly clients: RedisClients,
    { limits = {}, includes = {} }: RedisLineStoreOptions = {},
  ) {
    const bounds = { ...LINE_LIMITS, ...limits };
    const scripts = loadScripts(__dirname, { limits: limitsInLua(bounds), ...includes });
    this.scripts = new ScriptRunner(clients, scripts, KEY_COUNT);
    this.news = new FeedNews(clients, this.trouble);
  }

  async open(line: LineRef, options: OpenOptions): Promise<void> {
    const { firstNumber, baseNumber, restoredThrough, settings, drawn } = options;
    const values = [line.epoch, firstNumber, baseNumber, restoredThrough, JSON.stringify(settings), drawn ? 1 : 0];
    await this.run('open', line, values);
  }

  async restore(line: LineRef, tickets: RestoredTicket[]): Promise<void> {
    assertRestorable(tickets);
    await this.run('restore', line, [JSON.stringify(tickets)]);
  }

  async ready(line: LineRef, recoverForMs: number): Promise<void> {
    await this.run('ready', line, [recoverForMs]);
  }

  async check(line: LineRef, report: FeedReport, durableSequence?: number): Promise<LineStanding> {
    const { podId, sequence, server, number, latest } = report;
    const seen = [podId, sequence, server, number, durableSequence ?? '', latest];
    return parseStanding(await this.run('check', line, seen));
  }

  async discard(line: LineRef): Promise<void> {
    await this.run('discard', line);
  }

  async configure(line: LineRef, settings: LineSettings): Promise<void> {
    await this.run('configure', line, [settings.version, JSON.stringify(settings)]);
  }

  async register(line: LineRef, podId: string): Promise<boolean> {
    assertSocket({ podId });
    return (await this.run('register', line, [podId])) === 1;
  }

  async join(line: LineRef, { studentId, socket, create, presented }: JoinRequest): Promise<JoinOutcome> {
    assertSocket(socket);
    const claim = presented ? [presented.epoch, presented.number, presented.joinedAt] : ['', '', ''];
    const values = [studentId, socket.podId, socket.socketId, create ? 1 : 0, ...claim];
    return parseJoin(line.roomId, studentId, await this.run('join', line, values));
  }

  async detach(line: LineRef, gone: readonly StudentSocket[]): Promise<void> {
    assertDetachable(gone);
    const values = gone.flatMap(({ studentId, podId, socketId }) => [studentId, podId, socketId]);
    await this.run('detach', line, values);
  }

  async end(
    line: LineRef,
    { studentId, number, only }: { studentId: string; number: number; only?: 'waiting' },
    reason: 'left' | 'finished' | 'removed',
    act?: OperatorAct,
  ): Promise<Ticket | undefined> {
    const values = [studentId, number, reason, only ?? '', ...(act ? [act.operator, act.note] : [])];
    return this.ticket(line, studentId, await this.run('end', line, values));
  }

  async acknowledge(line: LineRef, { studentId, number }: { studentId: string; number: number }): Promise<void> {
    await this.run('acknowledge', line, [studentId, number]);
  }

  async admitByHand(line: LineRef, studentId: string, act: OperatorAct): Promise<Ticket | undefined> {
    return this.ticket(line, studentId, await this.run('admit-by-hand', line, [studentId, act.operator, act.note]));
  }

  async find(line: LineRef, studentId: string): Promise<Ticket | undefined> {
    return this.ticket(line, studentId, await this.run('find', line, [studentId]));
  }

  async tick(line: LineRef, podId: string, share = 1): Promise<TickOutcome> {
    return parseTick(await this.run('tick', line, [podId, perMille(share)]));
  }

  async draw(line: LineRef, moves: LotteryMove[], entrantsHash = ''): Promise<void> {
    assertMoves(moves);
    await this.run('draw', line, [JSON.stringify(moves), entrantsHash]);
  }

  async fencePod(line: LineRef, podId: string): Promise<boolean> {
    return (await this.run('fence-pod', line, [podId])) === 1;
  }

  async snapshot(line: LineRef): Promise<LineSnapshot> {
    return parseSnapshot(line, await this.run('snapshot', line, [], 'bytes'));
  }

  async readFeed(
    line: LineRef,
    afterSequence: number,
    { limit, waitMs, knownDurable }: { limit: number; waitMs: number; knownDurable: number },
  ): Promise<FeedPage> {
    assertPage(limit);
    const until = performance.now() + waitMs;
    for (;;) {
      const page = parseFeed(afterSequence, await this.run('read-feed', line, [afterSequence, limit]));
      this.noteUnknown(page);
      const left = until - performance.now();
      const isNews = page.events.length > 0 || page.trimmed || page.durableSequence > knownDurable;
      if (isNews || left <= 0) return page;
      await this.news.wait(line, afterSequence, knownDurable, left);
    }
  }

  async markDurable(line: LineRef, sequence: number, podId: string): Promise<void> {
    await this.run('mark-durable', line, [sequence, podId]);
  }

  async close(): Promise<void> {
    this.closed = true;
    this.news.close();
  }

  /** Once for each kind of event: all rooms have them, while pods are of two versions. */
  private noteUnknown({ events }: FeedPage): void {
    for (const event of events) {
      if (event.type !== 'unknown' || this.unknownEvents.has(event.name)) continue;
      this.unknownEvents.add(event.name);
      this.logger.warn(
        { code: 'event_unknown', event: event.name },
        'A newer pod writes events that this one does not know; they are passed on',
      );
    }
  }

  private ticket(line: LineRef, studentId: string, record: unknown): Ticket | undefined {
    return parseTicket(line.roomId, studentId, record as string);
  }

  /**
   * ioredis starts a command's own time limit when it writes the command; one that waits behind a stuck pipeline, or for a
   * cluster to be found again, has none: hence the deadline.
   */
  private async run(
    verb: string,
    line: LineRef,
    values: (string | number)[] = [],
    as?: 'text' | 'bytes',
  ): Promise<unknown> {
    if (this.closed) throw lineError('line_unavailable');
    try {
      const answer = this.scripts.run(line.roomId, verb, lineKeys(line), [line.incarnation, ...values], as);
      const found = await withDeadline(answer, this.clients.commandTimeoutMs);
      this.trouble.answered();
      return found;
    } catch (error) {
      const refusal = toLineError(error);
      if (!this.closed) this.trouble.failed(refusal);
      throw refusal;
    }
  }
}

function limitsInLua(limits: LineLimits): string {
  const fields = Object.entries(limits).map(([name, value]) => `${name} = ${value}`);
  return `local LIMITS = { ${fields.join(', ')} }\n`;
}
