import { Module, OnApplicationBootstrap, OnApplicationShutdown, type Provider } from '@nestjs/common';
import { type Config, CONFIG } from '../config/config';
import { Database } from '../database/database';
import { StudentDirectory } from '../identity/student-directory';
import { MailComposer, SectionNames } from './mail-composer';
import { MailTransport } from './mail-transport';
import { OutboxTable } from './outbox';
import { OutboxBacklog } from './outbox-backlog';
import { OutboxClaims } from './outbox-claims';
import { OutboxList } from './outbox-list';
import { OutboxPurge } from './outbox-purge';
import { OUTBOX_LEASE_MS, OutboxWorker, SEND_TIMEOUT_MS } from './outbox-worker';
import { OperatorOutboxController, StudentOutboxController } from './outbox.controller';
import { OutboxEntity } from './outbox.entity';

export const NOTICE_ENTITIES = [OutboxEntity];

const DAY_MS = 86_400_000;

function makeWorker({ smtpUrl, mailFrom }: Config, database: Database, composer: MailComposer): OutboxWorker {
  const transport = smtpUrl
    ? new MailTransport({ url: smtpUrl, from: mailFrom, timeoutMs: SEND_TIMEOUT_MS })
    : undefined;
  return new OutboxWorker(new OutboxClaims(database, OUTBOX_LEASE_MS), composer, transport, {
    now: database.clock.now,
  });
}

const makePurge = ({ mailKeptDays }: Config, database: Database): OutboxPurge =>
  new OutboxPurge(database, mailKeptDays * DAY_MS);

const makeComposer = (config: Config, students: StudentDirectory, sections: SectionNames): MailComposer =>
  new MailComposer(students, sections, config.timeZone);

const PARTS: Provider[] = [
  OutboxTable,
  OutboxList,
  OutboxBacklog,
  { provide: MailComposer, useFactory: makeComposer, inject: [CONFIG, StudentDirectory, SectionNames] },
  { provide: OutboxWorker, useFactory: makeWorker, inject: [CONFIG, Database, MailComposer] },
  { provide: OutboxPurge, useFactory: makePurge, inject: [CONFIG, Database] },
];

/** What students are told by mail. Port: `SectionNames`. */
@Module({
  controllers: [StudentOutboxController, OperatorOutboxController],
  providers: PARTS,
  exports: [OutboxTable, OutboxBacklog, OutboxWorker, OutboxList],
})
export class NoticeModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    private readonly worker: OutboxWorker,
    private readonly purge: OutboxPurge,
  ) {}

  onApplicationBootstrap(): void {
    this.worker.start();
    this.purge.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.worker.stop();
    await this.purge.stop();
  }
}
