import { createHmac } from 'node:crypto';
import { DataSource } from 'typeorm';
import { deriveKeys, type DerivedKeys } from '../../../src/identity/derived-keys';
import type { Reply, WireError } from '../../../src/contract/errors';
import type { LineAdmittedMessage } from '../../../src/contract/line';
import type { Cluster } from '../../../load/servers/cluster';
import { OperatorClient } from '../../support/operator';
import type { SignedIn } from '../../../load/support/service-api';
import { signInSso, StudentTab } from '../../support/student';
import { untilLive } from '../../support/demo-room';
import { openSections, startWithRoom } from './edge-cluster';

export const TERM = '20251';
/** Another site. */
export const FOREIGN = 'https://evil.example';

/** A student who was let in. */
export interface Insider {
  tab: StudentTab;
  signedIn: SignedIn;
  admission: LineAdmittedMessage;
}

/** Two pods, one student inside the room of the term, and the keys of the service, to forge with. */
export class ForgeryStage {
  readonly operator: OperatorClient;
  readonly keys: DerivedKeys;
  inside!: Insider;
  private readonly tabs: StudentTab[] = [];
  private names = 0;

  private constructor(
    readonly cluster: Cluster,
    readonly roomId: string,
    readonly sectionIds: string[],
    readonly database: DataSource,
  ) {
    this.operator = new OperatorClient(cluster.url, cluster.operatorToken);
    const [kid, secret] = (cluster.env.SIGNING_KEYS ?? '').split(':') as [string, string];
    this.keys = deriveKeys(kid, Buffer.from(secret, 'base64'));
  }

  static async start(env: Record<string, string> = {}): Promise<ForgeryStage> {
    const { cluster, roomId } = await startWithRoom({ pods: 2, env }, { ratePerSecond: 100 });
    const database = await new DataSource({ type: 'mysql', url: cluster.database.url }).initialize();
    const stage = new ForgeryStage(cluster, roomId, await openSections(cluster.url, 1), database);
    stage.inside = await stage.enter(roomId);
    return stage;
  }

  /** A student who is signed in and connected. */
  async open(): Promise<Pick<Insider, 'tab' | 'signedIn'>> {
    const signedIn = await signInSso(this.cluster, this.unique('forger'));
    const tab = this.keep(new StudentTab(this.cluster.url, signedIn.token));
    await tab.connected();
    return { tab, signedIn };
  }

  async enter(roomId: string): Promise<Insider> {
    const opened = await this.open();
    await opened.tab.join(roomId);
    return { ...opened, admission: await opened.tab.admitted() };
  }

  async makeRoom(id: string, settings: Record<string, unknown>): Promise<string> {
    await this.operator.createRoom(id, settings);
    await untilLive(this.cluster.pods, id);
    return id;
  }

  /** What was granted so far. */
  seats(): Promise<unknown> {
    return this.database.query(
      'SELECT (SELECT COUNT(*) FROM enrolment) AS enrolments, (SELECT SUM(taken + held) FROM section) AS taken',
    );
  }

  /** A commit over both ways; gives the code of each refusal. */
  async commitCodes(tab: StudentTab, token: string, admission: string): Promise<(string | number)[]> {
    const { sectionIds } = this;
    const idempotencyKey = this.unique('forged');
    const bySocket = await tab.request('enrolment:commit', { termId: TERM, sectionIds, admission, idempotencyKey });
    const response = await fetch(`${this.cluster.url}/api/terms/${TERM}/enrolments`, {
      method: 'POST',
      headers: {
        ...{ 'content-type': 'application/json', authorization: `Bearer ${token}` },
        ...{ 'idempotency-key': `${idempotencyKey}-http`, 'admission-token': admission },
      },
      body: JSON.stringify({ sectionIds }),
    });
    return [codeOf(bySocket), response.status, ((await response.json()) as { error: WireError }).error.code];
  }

  /** A compact token as the service would sign it. */
  compact(purpose: 'sign-in' | 'ticket', claims: object, key = this.keys.compact[purpose]): string {
    const body = `s1.${base64(claims)}.${this.keys.kid}`;
    return `${body}.${createHmac('sha256', key).update(body).digest('base64url')}`;
  }

  /** The claims of a token under an HMAC with what is no secret. */
  hmacSigned(token: string, secret: string): string {
    const body = `${base64({ alg: 'HS256', kid: this.keys.kid })}.${claimsOf(token)}`;
    return `${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`;
  }

  /** Why a socket is not opened. */
  connectError(token: string, options: object = {}): Promise<Error> {
    const tab = this.keep(new StudentTab(this.cluster.url, token, { ...options, reconnection: false } as object));
    return new Promise((resolve) => tab.socket.on('connect_error', resolve));
  }

  /** Closes the tab at the end. */
  keep(tab: StudentTab): StudentTab {
    this.tabs.push(tab);
    return tab;
  }

  unique(name: string): string {
    return `${name}-${(this.names += 1)}`;
  }

  async stop(): Promise<void> {
    for (const tab of this.tabs) tab.close();
    await this.database.destroy();
    await this.cluster.stop();
  }
}

export const base64 = (value: object | string): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

export const claimsOf = (token: string): string => token.split('.')[1] ?? '';

/** Changes what a token says, and keeps its signature. */
export function altered(token: string, change: object): string {
  const [header, claims = '', ...rest] = token.split('.');
  const said = JSON.parse(Buffer.from(claims, 'base64url').toString()) as object;
  return [header, base64({ ...said, ...change }), ...rest].join('.');
}

export const codeOf = (reply: Reply): string => (reply.ok ? 'ok' : reply.error.code);
