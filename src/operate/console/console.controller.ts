import { Controller, Req, Res, UseGuards } from '@nestjs/common';
import type { Request, Response } from 'express';
import { DomainError } from '../../common/domain-error';
import { Serves } from '../../common/serves';
import { consoleCalls } from '../../contract/operate/console';
import { OperatorGuard } from '../../identity/operator.guard';
import { OperatorSessions } from '../../identity/operator-sessions';
import { bearerToken } from '../../identity/request-token';
import { ConsoleStream } from './console-stream';

/** What the console of the operators reads. */
@UseGuards(OperatorGuard)
@Controller()
export class ConsoleController {
  constructor(
    private readonly streams: ConsoleStream,
    private readonly sessions: OperatorSessions,
  ) {}

  /** A cookie that was good for asking is looked at again while the stream goes on; what was renewed since counts, too. */
  @Serves(consoleCalls.operatorStream)
  async stream(@Req() { headers }: Request, @Res() response: Response): Promise<void> {
    const session = bearerToken(headers) === undefined ? this.sessions.of(headers) : undefined;
    const isAllowed = (): boolean => !session || this.sessions.goesOn(session);
    if (await this.streams.open(response, isAllowed)) return;
    throw new DomainError('busy', 'So many consoles are open that there is no room for one more.');
  }
}
