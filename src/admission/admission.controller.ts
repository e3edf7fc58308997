import { Controller, Headers, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { IncomingHttpHeaders } from 'node:http';
import { Asked, Serves } from '../common/serves';
import type { AskedOf, Refusal } from '../contract/call';
import { type Admission, type AdmissionJwk, serviceCalls } from '../contract/service';
import { DomainError } from '../common/domain-error';
import { challenge } from '../common/http-error.filter';
import { bearerToken } from '../identity/request-token';
import { SigningKeys } from '../identity/signing-keys';
import { AdmissionService } from './admission.service';

/** What other sites behind the room need: the keys, and a check that fits nginx `auth_request`. */
@Controller()
export class AdmissionController {
  constructor(
    private readonly admissions: AdmissionService,
    private readonly keys: SigningKeys,
  ) {}

  @Serves(serviceCalls.jwks)
  jwks(@Res({ passthrough: true }) response: Response): { keys: AdmissionJwk[] } {
    response.setHeader('Cache-Control', 'public, max-age=300');
    return this.keys.jwks();
  }

  @Serves(serviceCalls.verifyAdmission)
  async verify(
    @Headers() headers: IncomingHttpHeaders,
    @Headers('admission-token') header: string | undefined,
    @Asked() { query: { room } }: AskedOf<typeof serviceCalls.verifyAdmission>,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Admission | Refusal> {
    const token = header ?? bearerToken(headers);
    response.setHeader('Cache-Control', 'no-store');
    try {
      if (!token) throw new DomainError('admission_required', 'No admission token was given.');
      const { studentId, roomId, termId, expiresAt } = await this.admissions.verify(token, room);
      response.setHeader('X-Sunbeon-Student', encodeURIComponent(studentId));
      response.setHeader('X-Sunbeon-Room', roomId);
      return { studentId, roomId, termId, expiresAt };
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      // auth_request understands 401 and 403 only; every refusal is a 401 here.
      response.status(401).setHeader('WWW-Authenticate', challenge(token !== undefined));
      return { error: error.toBody() };
    }
  }
}
