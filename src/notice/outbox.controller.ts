import { Controller, Logger, UseGuards } from '@nestjs/common';
import type { SignedInStudent } from '../contract/identity';
import { Asked, Serves } from '../common/serves';
import type { AskedOf } from '../contract/call';
import { mailCalls, type OutboxPage, type Mail } from '../contract/mails';
import { OperatorActs } from '../identity/operator-acts';
import { CurrentOperator, OperatorGuard } from '../identity/operator.guard';
import { CurrentStudent, StudentGuard } from '../identity/student.guard';
import { OutboxList } from './outbox-list';

/** What a student is told by mail: the outbox page of a service without a mail server. */
@UseGuards(StudentGuard)
@Controller()
export class StudentOutboxController {
  constructor(private readonly list: OutboxList) {}

  @Serves(mailCalls.myMails)
  async mine(@CurrentStudent() student: SignedInStudent): Promise<{ mails: Mail[] }> {
    return { mails: await this.list.ofStudent(student) };
  }
}

/** What becomes of the mails. */
@UseGuards(OperatorGuard)
@Controller()
export class OperatorOutboxController {
  private readonly logger = new Logger('Outbox');

  constructor(
    private readonly list: OutboxList,
    private readonly acts: OperatorActs,
  ) {}

  @Serves(mailCalls.outbox)
  page(@Asked() { query }: AskedOf<typeof mailCalls.outbox>): Promise<OutboxPage> {
    return this.list.page(query);
  }

  @Serves(mailCalls.putBackMails)
  async putBack(
    @Asked() { body: { ids } }: AskedOf<typeof mailCalls.putBackMails>,
    @CurrentOperator() operator: string,
  ): Promise<{ mails: number }> {
    const mails = await this.list.putBack(ids);
    this.logger.log({ code: 'mails_put_back', operator, mails }, 'Parked mails were put back');
    await this.acts.note({ operator, act: 'mails', details: { mails } });
    return { mails };
  }
}
