import { Controller, Get, Header, HttpCode, Logger, Post, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { CheckedBody, CheckedQuery } from '../common/validation';
import { CurrentOperator, OperatorGuard } from '../identity/operator.guard';
import type { SignedInStudent } from '../identity/student';
import { CurrentStudent, StudentGuard } from '../identity/student.guard';
import { OUTBOX_STATES } from './outbox';
import { OutboxList, type OutboxPage, type ShownMail } from './outbox-list';

const pageSchema = z.strictObject({
  state: z.enum(OUTBOX_STATES).optional(),
  /** `next` of the page before. */
  before: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

const putBackSchema = z
  .strictObject({
    /** Mail ids; all parked mails when absent. */
    ids: z.array(z.int().positive()).min(1).max(500).optional(),
  })
  .meta({ example: { ids: [1024, 1025] } });

/** What a student is told by mail: the outbox page of a service without a mail server. */
@ApiTags('outbox')
@ApiBearerAuth()
@UseGuards(StudentGuard)
@Controller('api/outbox')
export class StudentOutboxController {
  constructor(private readonly list: OutboxList) {}

  @Get()
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'My latest mails, newest first, also those that could not be sent' })
  async mine(@CurrentStudent() student: SignedInStudent): Promise<{ mails: ShownMail[] }> {
    return { mails: await this.list.ofStudent(student) };
  }
}

/** What becomes of the mails. */
@ApiTags('operator')
@ApiBearerAuth()
@UseGuards(OperatorGuard)
@Controller('api/operator/outbox')
export class OperatorOutboxController {
  private readonly logger = new Logger('Outbox');

  constructor(private readonly list: OutboxList) {}

  @Get()
  @Header('Cache-Control', 'no-store')
  @ApiQuery({ name: 'state', enum: OUTBOX_STATES, required: false, description: 'Only mails in this state' })
  @ApiQuery({ name: 'before', type: Number, required: false, description: '`next` of the page before' })
  @ApiQuery({ name: 'limit', type: Number, required: false, description: '1 to 200, default 50' })
  @ApiOperation({ summary: 'All mails, newest first, with how many there are in each state' })
  page(@CheckedQuery(pageSchema) query: z.infer<typeof pageSchema>): Promise<OutboxPage> {
    return this.list.page(query);
  }

  @Post('put-back')
  @HttpCode(200)
  @ApiOperation({ summary: 'Send parked mails after all: these, or all of them' })
  async putBack(
    @CheckedBody(putBackSchema) { ids }: z.infer<typeof putBackSchema>,
    @CurrentOperator() operator: string,
  ): Promise<{ mails: number }> {
    const mails = await this.list.putBack(ids);
    this.logger.log(`Operator ${operator} has put ${mails} parked mails back.`);
    return { mails };
  }
}
