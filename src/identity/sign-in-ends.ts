import { Injectable, Logger, OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { MoreThan } from 'typeorm';
import { jittered } from '../common/clock';
import { randomId } from '../common/ids';
import { PollingLoop } from '../common/polling-loop';
import { failure } from '../common/text';
import { type Listener, Topic, type Unsubscribe } from '../common/topic';
import { MOST_SIGN_IN_HOURS } from '../config/settings';
import { Database } from '../database/database';
import { purge } from '../database/purge';
import { SignInEndEntity } from './sign-in-end.entity';

/** How often a pod looks for what others have ended when nobody tells it, ms. */
const LOOK_MS = 3_000;
/** Each look goes back this far behind the latest known: a write may be seen later than one that is younger, ms. */
const OVERLAP_MS = 60_000;
/** No sign-in is valid for longer, ms. */
const LONGEST_SIGN_IN_MS = MOST_SIGN_IN_HOURS * 3_600_000;
/** How often what is over is forgotten, ms. */
const FORGET_MS = 600_000;

/** A sign-in as it was given: whose, which one, and from when (ms since the Unix epoch). */
export interface IssuedSignIn {
  studentId: string;
  id: string;
  issuedAt: number;
}

/** Who ends sign-ins, and an operator's reason. */
export interface EndedBy {
  by: string;
  note?: string;
}

/**
 * The sign-ins that were ended before their time: by signing out, everywhere by the student, or by an operator. Every pod
 * keeps a copy, so that a sign-in is checked without asking the database; what another pod ended is known here when that
 * pod says so, and within seconds in any case.
 */
@Injectable()
export class SignInEnds implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger('Identity');
  /** When each may be forgotten, by the id of the sign-in. */
  private readonly single = new Map<string, number>();
  /** Until when all sign-ins are ended, by student. */
  private readonly all = new Map<string, number>();
  private readonly ended = new Topic<[studentId: string]>('Identity');
  private readonly endedHere = new Topic<[]>('Identity');
  private latest = 0;
  private forgottenAt = 0;
  private away = false;
  private readonly looking = new PollingLoop(
    () => this.lookPatiently(),
    () => jittered(LOOK_MS),
  );

  constructor(private readonly database: Database) {}

  async onModuleInit(): Promise<void> {
    await this.look();
    this.looking.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.looking.stop();
  }

  isEnded({ studentId, id, issuedAt }: IssuedSignIn): boolean {
    return this.single.has(id) || issuedAt <= this.endedUntil(studentId);
  }

  /** A new sign-in has to be younger than this, ms since the Unix epoch, whatever the clock of the pod says. */
  endedUntil(studentId: string): number {
    return this.all.get(studentId) ?? 0;
  }

  /** Calls `listener` with a student of whom a sign-in was ended here or elsewhere; may be more than once. */
  onEnded(listener: Listener<[studentId: string]>): Unsubscribe {
    return this.ended.subscribe(listener);
  }

  /** Calls `listener` when one was ended by this pod: the others should look. */
  onEndedHere(listener: Listener<[]>): Unsubscribe {
    return this.endedHere.subscribe(listener);
  }

  /** Ends one sign-in. @throws DomainError `database_unavailable`: then it goes on */
  async end({ studentId, id, issuedAt }: IssuedSignIn, by = 'student'): Promise<void> {
    await this.write({ studentId, signIn: id, by, leastUntil: 0, from: issuedAt });
  }

  /** Ends all sign-ins that the student has. @param own the one with which the student asks @throws as `end` */
  async endAll(studentId: string, { by, note }: EndedBy, own?: IssuedSignIn): Promise<void> {
    await this.write({ studentId, signIn: null, by, note, leastUntil: own?.issuedAt ?? 0 });
  }

  /** Reads what others have ended. @throws DomainError `database_unavailable` */
  async look(): Promise<void> {
    // What was written so long ago cannot come late any more, and need not be read again and again.
    const complete = Math.min(this.latest, this.database.clock.now() - OVERLAP_MS);
    const since = Math.max(this.latest - OVERLAP_MS, complete);
    const rows = await this.database.read((manager) =>
      manager.find(SignInEndEntity, { where: { endedAt: MoreThan(since) } }),
    );
    this.learn(rows);
  }

  private async write(end: {
    studentId: string;
    signIn: string | null;
    by: string;
    note?: string;
    leastUntil: number;
    from?: number;
  }): Promise<void> {
    const row = await this.database.write(async (manager) => {
      const endedAt = Math.max(await this.database.now(manager), end.leastUntil);
      const made = {
        ...{ id: randomId(), studentId: end.studentId, signIn: end.signIn, endedAt },
        ...{ forgottenAt: (end.from ?? endedAt) + LONGEST_SIGN_IN_MS, endedBy: end.by, note: end.note ?? null },
      };
      await manager.insert(SignInEndEntity, made);
      return made;
    });
    this.learn([row]);
    this.endedHere.publish();
  }

  private learn(rows: readonly SignInEndEntity[]): void {
    for (const { studentId, signIn, endedAt, forgottenAt } of rows) {
      this.latest = Math.max(this.latest, endedAt);
      if (signIn === null) this.all.set(studentId, Math.max(this.endedUntil(studentId), endedAt));
      else this.single.set(signIn, forgottenAt);
    }
    for (const studentId of new Set(rows.map((row) => row.studentId))) this.ended.publish(studentId);
  }

  private async lookPatiently(): Promise<void> {
    try {
      await this.look();
      if (this.away) this.logger.log({ code: 'sign_in_ends_back' }, 'Sign-ins that others ended are known again');
      this.away = false;
      await this.forget(this.database.clock.now());
    } catch (error) {
      if (!this.away) {
        const fields = { code: 'sign_in_ends_away', ...failure(error) };
        this.logger.warn(fields, 'Sign-ins that other pods end are heard of later');
      }
      this.away = true;
    }
  }

  private async forget(now: number): Promise<void> {
    if (now < this.forgottenAt + FORGET_MS) return;
    this.forgottenAt = now;
    for (const [id, at] of this.single) if (at < now) this.single.delete(id);
    for (const [id, until] of this.all) if (until + LONGEST_SIGN_IN_MS < now) this.all.delete(id);
    const old = 'forgotten_at < :before';
    await purge(this.database, { table: 'sign_in_end', key: ['id'], old, orderBy: 'forgotten_at', keptMs: 0 });
  }
}
