import { Logger } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { randomId } from '../../common/ids';
import { inRequest, type RequestContext, requestIdFrom } from '../../common/request-context';
import type { Operator } from '../../identity/operator-directory';
import { READING } from '../../identity/origin-policy';
import type { StudentRequest } from '../../identity/student.guard';
import type { LiveSocket } from '../session';
import { refusalIn } from './refusals';

const logger = new Logger('Request');

/**
 * Gives an HTTP request its id, which everything that is logged for it carries, or keeps the one that a proxy gave it.
 * Logs its end by the route: a path may name a student.
 */
export function followRequest(request: Request, response: Response, next: NextFunction): void {
  const context: RequestContext = { id: requestIdFrom(request.headers['x-request-id']) };
  const began = performance.now();
  response.setHeader('X-Request-Id', context.id);
  response.once('close', () => {
    context.answered = true;
    const asked = whatWasAsked(request, response);
    // What operators change is told always; all else would be a line for every click of thousands.
    const isChange = asked.operator !== undefined && !READING.has(request.method);
    logger[isChange ? 'log' : 'debug'](
      { code: 'http_request', requestId: context.id, ...asked, ms: since(began) },
      'A request was answered',
    );
  });
  inRequest(context, next);
}

function whatWasAsked(request: StudentRequest & { operator?: Operator }, response: Response) {
  const { roomId, termId, sectionId, studentId } = request.params as Record<string, string | undefined>;
  const { route } = request as { route?: { path?: string } };
  return {
    method: request.method,
    route: route?.path,
    status: response.statusCode,
    error: (response.locals as { errorCode?: string }).errorCode,
    operator: request.operator?.name,
    student: request.student?.id ?? studentId,
    ...{ room: roomId, term: termId, section: sectionId },
  };
}

/**
 * One message of a socket, under an id of its own.
 *
 * @returns what its work runs in, and what is to hear the reply
 */
export function followMessage(client: LiveSocket, event: string): { context: RequestContext; heard: Heard } {
  const context: RequestContext = { id: randomId(), studentId: client.data.studentId };
  const began = performance.now();
  const heard = (reply: unknown): void => {
    const fields = { event, student: context.studentId, error: refusalIn(reply), ms: since(began) };
    logger.debug({ code: 'socket_message', requestId: context.id, ...fields }, 'A message was answered');
  };
  return { context, heard };
}

type Heard = (reply: unknown) => void;

/** ms, to a tenth. */
const since = (began: number): number => Math.round((performance.now() - began) * 10) / 10;
