import { randomBytes } from 'node:crypto';
import { type Issuer, startIssuer } from '../../../load/issuer/issuer';
import { AdmissionEntity } from '../../../src/admission/admission.entity';
import type { Database } from '../../../src/database/database';
import { openDatabase } from '../../../src/database/open-database';
import { StudentEntity } from '../../../src/identity/student.entity';
import { registrationEntities } from '../../../src/registration/entities';
import { LineEpochEntity, TrailCheckpointEntity, TrailEntity } from '../../../src/trail/trail.entity';
import type { DatabaseMaker, DatabaseService } from '../../../load/servers/sql-server';
import { startDatabase } from '../../../load/servers/start-database';
import { type RedisService, startRedis } from '../../../load/servers/redis';
import { type Nginx, startNginx } from '../../../load/servers/nginx';
import { freePorts } from '../../../load/servers/ports';
import { waitFor } from '../../../load/support/wait-for';
import { PodSlot, type WrongExit } from './pod-slot';
import { StoreProxy } from './store-proxy';

export interface WorldOptions {
  /** Whose database; default MySQL. */
  database?: DatabaseMaker;
  /** How many pods; default 3. */
  pods?: number;
  /** More variables of every pod. */
  env?: Record<string, string>;
}

const AUDIENCE = 'sunbeon';

/**
 * The service as it runs for real, and everything that can be broken in it: real processes, and a proxy of our own
 * between each pod and each store.
 */
export class World {
  readonly pods: PodSlot[] = [];
  /** Ends of processes that no fault asked for. */
  readonly wrongExits: WrongExit[] = [];
  readonly operatorToken = randomBytes(24).toString('hex');
  redis!: RedisService;
  database!: DatabaseService;
  /** To the read replica that every pod knows: the primary itself, by another way. */
  replica!: StoreProxy;
  nginx!: Nginx;
  issuer!: Issuer;
  /** Ours, past every proxy: for setting up and for judging. */
  direct!: Database;
  private readonly stops: (() => Promise<unknown>)[] = [];

  private constructor(private readonly options: WorldOptions) {}

  static async start(options: WorldOptions = {}): Promise<World> {
    const world = new World(options);
    try {
      await world.open();
      return world;
    } catch (error) {
      await world.stop();
      throw error;
    }
  }

  get url(): string {
    return this.nginx.url;
  }

  /** The provider's token of a student, for POST /api/sign-in/sso. */
  ssoToken(studentId: string): Promise<string> {
    const { issuer } = this;
    return issuer.key.sign({ sub: studentId, name: studentId }, { issuer: issuer.url, audience: AUDIENCE });
  }

  /** Brings back whatever a fault left broken, and waits until every pod says that it is well. */
  async heal(): Promise<void> {
    this.replica.heal();
    for (const pod of this.pods) {
      pod.redis.heal();
      pod.database.heal();
      pod.resume();
    }
    await Promise.all(this.pods.map((pod) => pod.start()));
    await Promise.all(this.pods.map((pod) => this.untilWell(pod)));
  }

  async stop(): Promise<void> {
    for (const end of this.stops.splice(0).reverse()) await end();
  }

  private async open(): Promise<void> {
    await this.openStores();
    const ports = await freePorts(this.options.pods ?? 3);
    for (const [index, port] of ports.entries()) await this.addPod(index, port);
    await Promise.all(this.pods.map((pod) => pod.start()));
    this.nginx = await startNginx(ports.map((port) => `127.0.0.1:${port}`));
    this.stops.push(() => this.nginx.stop());
    this.direct = await openDatabase({
      url: this.database.url,
      entities: [
        ...registrationEntities,
        ...[AdmissionEntity, StudentEntity, LineEpochEntity, TrailCheckpointEntity, TrailEntity],
      ],
    });
    this.stops.push(() => this.direct.close());
  }

  private async openStores(): Promise<void> {
    this.redis = await startRedis({ own: true, persistence: 'always' });
    this.stops.push(() => this.redis.stop());
    this.database = await startDatabase(this.options.database ?? 'mysql', { own: true });
    this.stops.push(() => this.database.stop());
    this.issuer = await startIssuer();
    this.stops.push(() => this.issuer.close());
    this.replica = await this.proxyTo(this.database.port);
  }

  private async proxyTo(port: number): Promise<StoreProxy> {
    const proxy = await StoreProxy.start(port);
    this.stops.push(() => proxy.stop());
    return proxy;
  }

  private async addPod(index: number, port: number): Promise<void> {
    const redis = await this.proxyTo(this.redis.port);
    const database = await this.proxyTo(this.database.port);
    const env = this.environment(redis, database);
    const onWrongExit = (wrong: WrongExit): void => void this.wrongExits.push(wrong);
    const pod = new PodSlot({ index, port, env, redis, database, onWrongExit });
    this.pods.push(pod);
    this.stops.push(() => pod.kill());
  }

  private environment(redis: StoreProxy, database: StoreProxy): Record<string, string> {
    const { issuer, operatorToken } = this;
    return {
      REDIS_URL: redis.through(this.redis.url),
      DATABASE_URL: database.through(this.database.url),
      DATABASE_REPLICA_URLS: this.replica.through(this.database.url),
      SIGNING_KEYS: this.signingKeys,
      OPERATOR_TOKENS: `chaos:${operatorToken}`,
      AUTH_JWKS_URL: issuer.jwksUrl,
      AUTH_ISSUER: issuer.url,
      AUTH_AUDIENCE: AUDIENCE,
      TRUSTED_PROXIES: 'loopback',
      ...this.options.env,
    };
  }

  private readonly signingKeys = `chaos:${randomBytes(32).toString('base64')}`;

  private async untilWell(pod: PodSlot): Promise<void> {
    const isWell = async (): Promise<boolean> => {
      const response = await fetch(`${pod.url}/readyz`, { signal: AbortSignal.timeout(2_000) });
      const { database, lines } = (await response.json()) as { database: string; lines: Record<string, string> };
      return response.ok && database === 'ok' && Object.values(lines).every((state) => state === 'ok');
    };
    await waitFor(isWell, { what: `pod ${pod.index} to be well` });
  }
}
