import { Injectable } from '@nestjs/common';
import { type EntityManager, LessThan } from 'typeorm';
import { MAIL_STATES, type MailState, type OutboxPage, type Mail } from '../contract/mails';
import { Database } from '../database/database';
import { MailComposer, type Reader } from './mail-composer';
import { OutboxEntity, toMail } from './outbox.entity';

const SHOWN_TO_STUDENT = 50;

/** The outbox for people: operators see the states of all mails, students see what they are told. */
@Injectable()
export class OutboxList {
  constructor(
    private readonly database: Database,
    private readonly composer: MailComposer,
  ) {}

  /** @param page `before`: only mails older than that page's `next` */
  page(page: { state?: MailState; before?: number; limit: number }): Promise<OutboxPage> {
    const { state, before, limit } = page;
    return this.database.read(async (manager) => {
      const rows = await manager.find(OutboxEntity, {
        where: { ...(state && { state }), ...(before && { id: LessThan(before) }) },
        order: { id: 'DESC' },
        take: limit,
      });
      const next = rows.length < limit ? null : (rows.at(-1)?.id ?? null);
      return { mails: rows.map(toMail), next, counts: await counts(manager) };
    });
  }

  /** The latest mails of a student, newest first, in the language of the sign-in. */
  async ofStudent(student: Reader & { id: string }): Promise<Mail[]> {
    const mails = await this.database.read(async (manager) => {
      const newest = { order: { id: 'DESC' }, take: SHOWN_TO_STUDENT } as const;
      const rows = await manager.find(OutboxEntity, { where: { studentId: student.id }, ...newest });
      return rows.map(toMail);
    });
    return Promise.all(
      mails.map(async (mail) => {
        const { subject, text } = await this.composer.render(mail, student);
        return { id: mail.id, subject, text, state: mail.state, createdAt: mail.createdAt, sentAt: mail.sentAt };
      }),
    );
  }

  /** Puts parked mails back, to be sent at once: these, or all. Resolves to how many were. */
  putBack(ids?: readonly number[]): Promise<number> {
    return this.database.write(async (manager) => {
      const nextAt = await this.database.now(manager);
      const change = manager
        .createQueryBuilder()
        .update(OutboxEntity)
        .set({ state: 'waiting', attempts: 0, nextAt })
        .where("state = 'parked'");
      if (ids) change.andWhere('id IN (:...ids)', { ids });
      const before = await this.parked(manager, ids);
      await change.execute();
      return before;
    });
  }

  private parked(manager: EntityManager, ids?: readonly number[]): Promise<number> {
    const query = manager.createQueryBuilder(OutboxEntity, 'row').where("row.state = 'parked'");
    if (ids) query.andWhere('row.id IN (:...ids)', { ids });
    return query.getCount();
  }
}

async function counts(manager: EntityManager): Promise<Record<MailState, number>> {
  const rows = await manager
    .createQueryBuilder(OutboxEntity, 'row')
    .select('row.state', 'state')
    .addSelect('COUNT(*)', 'count')
    .groupBy('row.state')
    .getRawMany<{ state: MailState; count: string | number }>();
  const found = new Map(rows.map(({ state, count }) => [state, Number(count)]));
  return Object.fromEntries(MAIL_STATES.map((state) => [state, found.get(state) ?? 0])) as Record<MailState, number>;
}
