import { type ExecutionContext, Global, type INestApplication, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import type { Request } from 'express';
import type { AddressInfo } from 'node:net';
import { DomainError } from '../../../src/common/domain-error';
import { floor } from '../../../src/common/floor';
import { HttpErrorFilter } from '../../../src/common/http-error.filter';
import { CONFIG } from '../../../src/config/config';
import { Database } from '../../../src/database/database';
import type { Operator } from '../../../src/identity/operator-directory';
import { OperatorGuard } from '../../../src/identity/operator.guard';
import { Roster } from '../../../src/identity/roster';
import { StudentDirectory } from '../../../src/identity/student-directory';
import { StudentGuard } from '../../../src/identity/student.guard';
import { AdmissionCheck, type AdmissionProof, AdmissionTokens, Outbox } from '../../../src/registration/ports';
import { RegistrationModule } from '../../../src/registration/registration.module';
import { FakeAdmissions, FakeOutbox } from './support';

/** `for <student>` is a good token; everything else is not. */
class FakeTokens extends AdmissionTokens {
  noteAct(): void {
    // There is no line here.
  }

  verify(token: string, studentId: string): Promise<AdmissionProof> {
    const expiresAt = Number.POSITIVE_INFINITY;
    if (token === `for ${studentId}`) return Promise.resolve({ jti: token, roomId: 'room', expiresAt });
    return Promise.reject(new DomainError('admission_invalid', 'This admission is not valid.'));
  }
}

const requestOf = (context: ExecutionContext) =>
  context.switchToHttp().getRequest<Request & { student?: unknown; operator?: Operator }>();

/** Who asks is what the header `student` says. */
const signedIn = {
  canActivate(context: ExecutionContext): boolean {
    const request = requestOf(context);
    const id = request.header('student');
    if (!id) throw new DomainError('not_signed_in', 'Please sign in.');
    request.student = { id };
    return true;
  },
};

/** Which operator asks is what the header `operator` says. */
const operating = {
  canActivate(context: ExecutionContext): boolean {
    const request = requestOf(context);
    const name = request.header('operator');
    if (!name) throw new DomainError('not_operator', 'This needs an operator token.');
    request.operator = { name, role: 'owner', mark: name };
    return true;
  },
};

export interface RegistrationApp {
  app: INestApplication;
  /** `http://127.0.0.1:<port>` */
  origin: string;
}

/** Registration's own controllers on a migrated database, without line, sockets or real sign-in. */
export async function startRegistrationApp(database: Database, rosterFile?: string): Promise<RegistrationApp> {
  const below = [
    { provide: CONFIG, useValue: { timeZone: 'Asia/Seoul' } },
    { provide: Database, useValue: database },
    StudentDirectory,
    { provide: Roster, useValue: new Roster(rosterFile) },
  ];
  @Global()
  @Module({ providers: below, exports: below })
  class BelowModule {}
  const ports = [
    { provide: Outbox, useValue: new FakeOutbox() },
    { provide: AdmissionCheck, useValue: new FakeAdmissions() },
    { provide: AdmissionTokens, useValue: new FakeTokens() },
  ];
  const module = await Test.createTestingModule({
    imports: [BelowModule, floor(RegistrationModule, [], ports)],
  })
    .overrideGuard(StudentGuard)
    .useValue(signedIn)
    .overrideGuard(OperatorGuard)
    .useValue(operating)
    .compile();
  const app = module.createNestApplication({ logger: false });
  app.useGlobalFilters(new HttpErrorFilter());
  await app.listen(0, '127.0.0.1');
  const { port } = (app.getHttpServer() as { address(): AddressInfo }).address();
  return { app, origin: `http://127.0.0.1:${port}` };
}

export interface Answer {
  status: number;
  // The whole of what came back; tests look into it.
  body: Record<string, unknown>;
}

/** The answer to a call of the API, whose body is JSON. */
export async function askJson(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, init);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
