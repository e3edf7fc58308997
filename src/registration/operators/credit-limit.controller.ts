import { Controller, Req, UseGuards } from '@nestjs/common';
import type { Request } from 'express';
import { Asked, Serves } from '../../common/serves';
import type { AskedOf } from '../../contract/call';
import { seatOperatorCalls, type StudentCreditLimit } from '../../contract/operate/seats';
import { CurrentOperator, OperatorGuard } from '../../identity/operator.guard';
import { readCsvBody } from './csv-body';
import { CreditLimits } from './credit-limits';

/** Credit limits of single students. */
@UseGuards(OperatorGuard)
@Controller()
export class CreditLimitController {
  constructor(private readonly limits: CreditLimits) {}

  @Serves(seatOperatorCalls.creditLimits)
  async list(
    @Asked() { path: { termId } }: AskedOf<typeof seatOperatorCalls.creditLimits>,
  ): Promise<{ students: StudentCreditLimit[] }> {
    return { students: await this.limits.list(termId) };
  }

  @Serves(seatOperatorCalls.importCreditLimits)
  async import(
    @Asked() { path: { termId } }: AskedOf<typeof seatOperatorCalls.importCreditLimits>,
    @CurrentOperator() operator: string,
    @Req() request: Request,
  ): Promise<{ set: number }> {
    return { set: await this.limits.import(termId, await readCsvBody(request), operator) };
  }

  @Serves(seatOperatorCalls.setCreditLimit)
  async set(
    @Asked()
    { path: { termId, studentId }, body: { creditLimit, note } }: AskedOf<typeof seatOperatorCalls.setCreditLimit>,
    @CurrentOperator() operator: string,
  ): Promise<{ studentId: string; creditLimit: number }> {
    await this.limits.set(termId, studentId, creditLimit, { operator, note });
    return { studentId, creditLimit };
  }

  @Serves(seatOperatorCalls.clearCreditLimit)
  async clear(
    @Asked() { path: { termId, studentId }, body: { note } }: AskedOf<typeof seatOperatorCalls.clearCreditLimit>,
    @CurrentOperator() operator: string,
  ): Promise<{ studentId: string; creditLimit: null }> {
    await this.limits.set(termId, studentId, null, { operator, note });
    return { studentId, creditLimit: null };
  }
}
