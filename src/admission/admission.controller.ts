import { Controller, Get, Headers, HttpCode, Res } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { DomainError } from '../common/domain-error';
import { challenge } from '../common/http-error.filter';
import { slug } from '../contract/fields';
import { CheckedQuery } from '../common/validation';
import { bearerToken } from '../identity/request-token';
import { SigningKeys } from '../identity/signing-keys';
import { AdmissionService } from './admission.service';

const querySchema = z.strictObject({ room: slug.optional() });

/** What other sites behind the room need: the keys, and a check that fits nginx `auth_request`. */
@ApiTags('admissions')
@Controller()
export class AdmissionController {
  constructor(
    private readonly admissions: AdmissionService,
    private readonly keys: SigningKeys,
  ) {}

  @Get('.well-known/jwks.json')
  @ApiOperation({ summary: 'Public keys that verify admission tokens' })
  jwks(@Res({ passthrough: true }) response: Response): object {
    response.setHeader('Cache-Control', 'public, max-age=300');
    return this.keys.jwks();
  }

  @Get('api/admissions/verify')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Whether an admission token is valid and its admission still lives',
    description:
      'Token in `Authorization: Bearer …` or `Admission-Token: …`. 200 with who is inside; 401 for any other token; 400 for a query that is none.',
  })
  @ApiQuery({ name: 'room', required: false, type: String, description: 'Only an admission of this room will do' })
  async verify(
    @Headers() headers: IncomingHttpHeaders,
    @Headers('admission-token') header: string | undefined,
    @CheckedQuery(querySchema) { room }: z.infer<typeof querySchema>,
    @Res({ passthrough: true }) response: Response,
  ): Promise<object> {
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
