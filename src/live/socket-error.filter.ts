import { ArgumentsHost, Catch, ExceptionFilter, Logger } from '@nestjs/common';
import { DomainError, toErrorBody } from '../common/domain-error';
import { withRequestId } from '../common/request-context';

/** Translates whatever a gateway's handler throws into the refusal that its acknowledgement carries. Never throws. */
@Catch()
export class SocketErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger('Live');

  catch(error: unknown, host: ArgumentsHost): void {
    if (!(error instanceof DomainError)) {
      this.logger.error({ code: 'request_failed', err: error }, 'A message failed of something unforeseen');
    }
    const acknowledge: unknown = host.getArgByIndex(2);
    if (typeof acknowledge === 'function')
      (acknowledge as (reply: unknown) => void)({ ok: false, error: withRequestId(toErrorBody(error)) });
  }
}
