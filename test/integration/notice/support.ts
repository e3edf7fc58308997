import { Logger } from '@nestjs/common';
import type { OutboxMail } from '../../../src/contract/mails';
import type { Database } from '../../../src/database/database';
import { StudentDirectory } from '../../../src/identity/student-directory';
import { SignInEndEntity } from '../../../src/identity/sign-in-end.entity';
import { StudentEntity } from '../../../src/identity/student.entity';
import { MailComposer, type SectionName, SectionNames } from '../../../src/notice/mail-composer';
import { MailTransport } from '../../../src/notice/mail-transport';
import { type OutboxNotice, OutboxTable } from '../../../src/notice/outbox';
import { OutboxClaims } from '../../../src/notice/outbox-claims';
import { toMail, OutboxEntity } from '../../../src/notice/outbox.entity';
import { OutboxWorker, type OutboxWorkerOptions } from '../../../src/notice/outbox-worker';

export const ENTITIES = [StudentEntity, SignInEndEntity, OutboxEntity];

/** Every section is called after its id. */
export class TestSectionNames extends SectionNames {
  async names(_termId: string, ids: readonly string[]): Promise<Map<string, SectionName>> {
    return new Map(ids.map((id) => [id, { code: `CSCI ${id}`, title: 'Introduction & more' }]));
  }
}

export interface TestWorkerOptions extends Partial<OutboxWorkerOptions> {
  smtpUrl: string;
  leaseMs?: number;
  sendTimeoutMs?: number;
}

/** A worker in a hurry: many mails a second, short pauses. Not started. */
export function makeWorker(database: Database, given: TestWorkerOptions): OutboxWorker {
  const { smtpUrl, leaseMs = 60_000, sendTimeoutMs = 20_000, ...options } = given;
  const transport = new MailTransport({
    url: `${smtpUrl}${smtpUrl.includes('?') ? '&' : '?'}rateLimit=0`,
    from: 'Registration <registration@university.example>',
    timeoutMs: sendTimeoutMs,
  });
  const composer = new MailComposer(new StudentDirectory(database), new TestSectionNames(), 'Asia/Seoul');
  const hurry = { pollMs: 20, firstPauseMs: 20, longestPauseMs: 100 };
  return new OutboxWorker(new OutboxClaims(database, leaseMs), composer, transport, { ...hurry, ...options });
}

export async function addStudent(database: Database, id: string, language: 'ko' | 'en' = 'ko'): Promise<void> {
  await new StudentDirectory(database).upsert({
    id,
    name: `Student ${id}`,
    email: `${id}@university.example`,
    language,
  });
}

export const notice = (studentId: string, sectionId: string, extra: Partial<OutboxNotice> = {}): OutboxNotice => ({
  studentId,
  termId: 'spring',
  kind: 'enrolled',
  sectionId,
  details: {},
  ...extra,
});

export function addNotices(database: Database, notices: OutboxNotice[]): Promise<void> {
  return database.write(async (manager) => new OutboxTable().add(manager, notices, await database.now(manager)));
}

/** All mails of a student, oldest first. */
export function mailsOf(database: Database, studentId: string): Promise<OutboxMail[]> {
  return database.read(async (manager) => {
    const rows = await manager.find(OutboxEntity, { where: { studentId }, order: { id: 'ASC' } });
    return rows.map(toMail);
  });
}

/** Tests provoke the trouble that the worker warns of. */
export function keepQuiet(): void {
  Logger.overrideLogger(false);
}
