import { Controller, Req, Res, UseGuards } from '@nestjs/common';
import type { Request, Response } from 'express';
import { DomainError } from '../../common/domain-error';
import { Asked, Serves } from '../../common/serves';
import type { AskedOf } from '../../contract/call';
import { type AuditPage, consoleCalls, type StudentFile } from '../../contract/operate/console';
import { OperatorGuard } from '../../identity/operator.guard';
import { OperatorSessions } from '../../identity/operator-sessions';
import { bearerToken } from '../../identity/request-token';
import { Audit } from './audit';
import { ConsoleStream } from './console-stream';
import { StudentFiles } from './student-file';

/** What the console of the operators reads. */
@UseGuards(OperatorGuard)
@Controller()
export class ConsoleController {
  constructor(
    private readonly streams: ConsoleStream,
    private readonly sessions: OperatorSessions,
    private readonly students: StudentFiles,
    private readonly acts: Audit,
  ) {}

  @Serves(consoleCalls.operatorStudent)
  student(@Asked() { path: { studentId } }: AskedOf<typeof consoleCalls.operatorStudent>): Promise<StudentFile> {
    return this.students.read(studentId);
  }

  @Serves(consoleCalls.audit)
  audit(@Asked() { query }: AskedOf<typeof consoleCalls.audit>): Promise<AuditPage> {
    return this.acts.page(query);
  }

  /** A cookie that was good for asking is looked at again while the stream goes on; what was renewed since counts, too. */
  @Serves(consoleCalls.operatorStream)
  async stream(@Req() { headers }: Request, @Res() response: Response): Promise<void> {
    const session = bearerToken(headers) === undefined ? this.sessions.of(headers) : undefined;
    const isAllowed = (): boolean => !session || this.sessions.goesOn(session);
    if (await this.streams.open(response, isAllowed)) return;
    throw new DomainError('busy', 'So many consoles are open that there is no room for one more.');
  }
}
