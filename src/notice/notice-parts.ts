import type { Provider } from '@nestjs/common';
import { type Config, CONFIG } from '../config/config';
import { Database } from '../database/database';
import { StudentDirectory } from '../identity/student-directory';
import { MailComposer } from './mail-composer';
import { MailTransport } from './mail-transport';
import { OutboxTable } from './outbox';
import { OutboxBacklog } from './outbox-backlog';
import { OutboxClaims } from './outbox-claims';
import { OutboxList } from './outbox-list';
import { OutboxPurge } from './outbox-purge';
import { OUTBOX_LEASE_MS, OutboxWorker, SEND_TIMEOUT_MS } from './outbox-worker';
import { OperatorOutboxController, StudentOutboxController } from './outbox.controller';
import { OutboxEntity } from './outbox.entity';
import { SectionNames } from './section-names';

function makeWorker({ smtpUrl, mailFrom }: Config, database: Database, composer: MailComposer): OutboxWorker {
  const transport = smtpUrl
    ? new MailTransport({ url: smtpUrl, from: mailFrom, timeoutMs: SEND_TIMEOUT_MS })
    : undefined;
  return new OutboxWorker(new OutboxClaims(database, OUTBOX_LEASE_MS), composer, transport, {
    now: database.clock.now,
  });
}

const makePurge = ({ mailKeptDays }: Config, database: Database): OutboxPurge =>
  new OutboxPurge(database, mailKeptDays * 86_400_000);

function makeComposer(config: Config, students: StudentDirectory, sections: SectionNames): MailComposer {
  return new MailComposer(students, sections, config.timeZone);
}

/**
 * For the composition root, which also binds `SectionNames`, and starts and stops the `OutboxWorker` and the
 * `OutboxPurge`.
 */
export const NOTICE_ENTITIES = [OutboxEntity];

export const NOTICE_CONTROLLERS = [StudentOutboxController, OperatorOutboxController];

export const NOTICE_PROVIDERS: Provider[] = [
  OutboxTable,
  OutboxList,
  OutboxBacklog,
  { provide: MailComposer, useFactory: makeComposer, inject: [CONFIG, StudentDirectory, SectionNames] },
  { provide: OutboxWorker, useFactory: makeWorker, inject: [CONFIG, Database, MailComposer] },
  { provide: OutboxPurge, useFactory: makePurge, inject: [CONFIG, Database] },
];
