import { Injectable, Logger, OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { EnrolmentWindow, EnrolmentWindows } from '../../contract/policy';
import { PollingLoop } from '../../common/polling-loop';
import { failure } from '../../common/text';
import { type Listener, Topic, type Unsubscribe } from '../../common/topic';
import { Database } from '../../database/database';
import { classYearOf } from '../../identity/class-year';
import { TermEntity } from '../entities/term.entity';
import { windowOf } from '../seats/rules';
import { readPolicy } from '../seats/seat-policy';

/** How often a pod looks for terms that were changed, ms. */
const LOOK_MS = 1_000;

interface KnownTerm {
  windows: EnrolmentWindows;
  /** Another one after every import; undefined while the term is archived. */
  revision: string | undefined;
}

/**
 * All terms in memory, as far as every pod asks for them all the time: their windows, so that the door can ask for each
 * student, and which catalogue is in force. A change is known here before the operator is answered, and on the other pods
 * within a second.
 */
@Injectable()
export class TermWatch implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Terms');
  private readonly looks = new Topic<[]>('TermWatch');
  private readonly looking = new PollingLoop(
    () => this.look(),
    () => LOOK_MS,
  );
  private terms: ReadonlyMap<string, KnownTerm> = new Map();
  /** Looks are numbered: one that began earlier says nothing newer. */
  private begun = 0;
  private taken = 0;
  private away = false;

  constructor(private readonly database: Database) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.look();
    this.looking.start();
  }

  onApplicationShutdown(): Promise<void> {
    return this.looking.stop();
  }

  windowOf(termId: string, classYear: string | undefined): EnrolmentWindow {
    return windowOf(this.terms.get(termId)?.windows ?? {}, classYearOf(classYear));
  }

  /** Of the catalogue that is in force; undefined: no such term is known, or it is archived. */
  revisionOf(termId: string): string | undefined {
    return this.terms.get(termId)?.revision;
  }

  /** Calls `listener` after each look that the database has answered, whether or not anything has changed. */
  onLooked(listener: Listener<[]>): Unsubscribe {
    return this.looks.subscribe(listener);
  }

  /** Takes over what the database says now; what it said last holds while that is away. */
  async look(): Promise<void> {
    try {
      await this.read();
      this.away = false;
    } catch (error) {
      if (!this.away) this.logger.warn({ code: 'terms_stale', ...failure(error) }, 'Terms are looked for later');
      this.away = true;
    }
  }

  /** Like `look`. @throws DomainError `database_unavailable` */
  async read(): Promise<void> {
    const look = (this.begun += 1);
    const rows = await this.database.read((manager) =>
      manager.find(TermEntity, {
        select: { id: true, policy: true, contentHash: true, importedAt: true, archivedAt: true },
      }),
    );
    if (look < this.taken) return;
    this.taken = look;
    this.terms = new Map(rows.map((row) => [row.id, knownTerm(row)]));
    this.looks.publish();
  }
}

function knownTerm({ policy, contentHash, importedAt, archivedAt }: TermEntity): KnownTerm {
  const revision = archivedAt > 0 ? undefined : `${importedAt}:${contentHash}`;
  return { windows: readPolicy(policy).windows ?? {}, revision };
}
