import { Controller, Req, Res, UseGuards } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Asked, Serves } from '../common/serves';
import type { AskedOf } from '../contract/call';
import { consoleCalls, type OperatorSession } from '../contract/operate/console';
import { OperatorActs } from './operator-acts';
import { type Operator, OperatorDirectory } from './operator-directory';
import { AskingOperator, ConsoleSession, OperatorGuard } from './operator.guard';
import { type CookieSession, OperatorSessions } from './operator-sessions';

/** How operators sign in to the console, and out of it. */
@Controller()
export class OperatorSignInController {
  constructor(
    private readonly operators: OperatorDirectory,
    private readonly sessions: OperatorSessions,
    private readonly guard: OperatorGuard,
    private readonly acts: OperatorActs,
  ) {}

  @Serves(consoleCalls.operatorSignIn)
  async signIn(
    @Asked() { body: { token } }: AskedOf<typeof consoleCalls.operatorSignIn>,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<OperatorSession> {
    const operator = this.operators.byToken(token);
    if (!operator) return this.guard.refuse(request.ip ?? '');
    const expiresAt = this.sessions.begin(operator, request, response);
    await this.acts.note({ operator: operator.name, act: 'sign_in' });
    return { name: operator.name, role: operator.role, expiresAt };
  }

  @Serves(consoleCalls.operatorSignOut)
  async signOut(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<void> {
    const operator = await this.sessions.end(request, response);
    if (operator) await this.acts.note({ operator: operator.name, act: 'sign_out' });
  }

  @Serves(consoleCalls.operatorMe)
  @UseGuards(OperatorGuard)
  me(
    @AskingOperator() { name, role }: Operator,
    @ConsoleSession() session: CookieSession | undefined,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): OperatorSession {
    return { name, role, ...(session && { expiresAt: this.sessions.renew(session, request, response) }) };
  }
}
