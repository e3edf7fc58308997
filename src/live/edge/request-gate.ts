import { Injectable } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import type { Socket } from 'node:net';
import type { SignedInStudent } from '../../contract/identity';
import { DomainError } from '../../common/domain-error';
import { READING } from '../../identity/origin-policy';
import { SignInService } from '../../identity/sign-in.service';
import type { StudentRequest } from '../../identity/student.guard';
import { Drain, InFlight } from '../drain/drain';
import { StudentRateLimiter } from './rate-limiters';
import { RequestConcurrencyLimiter } from './request-concurrency-limiter';

/** Requests that one connection may have under way. Only who pipelines has more than one; browsers and proxies do not. */
const MOST_OF_A_CONNECTION = 8;
/** A connection that has so many is a flood, and ended at once. */
const FLOOD_OF_A_CONNECTION = 64;

/** Who asks for these decides by the answer what becomes of this pod, or of the client; they cost next to nothing. */
const ALWAYS_ANSWERED = new Set(['/healthz', '/readyz', '/api/door']);
/** Operators steer also when everybody asks. Whoever has no token of theirs is refused before there is any work. */
const OPERATOR_CALL = /^\/api\/operator\//;

/**
 * Which HTTP requests are worked on: so few of each connection and of each student that nobody can stop the others. Its
 * steps are middlewares, in the order in which they stand here.
 */
@Injectable()
export class RequestGate {
  private readonly concurrency = new RequestConcurrencyLimiter();
  private readonly underWay = new WeakMap<Socket, number>();

  constructor(
    private readonly signIn: SignInService,
    private readonly rates: StudentRateLimiter,
    private readonly inFlight: InFlight,
    private readonly drain: Drain,
  ) {}

  /**
   * First of all; as one answer, `too_many_requests` for what a connection asks beyond its share. A pod that drains asks
   * proxies to keep no connection, so that none of them sends a request into one that is about to go.
   */
  readonly limitConnection = (request: Request, response: Response, next: NextFunction): void => {
    if (this.drain.active) response.setHeader('Connection', 'close');
    const { socket } = request;
    const underWay = (this.underWay.get(socket) ?? 0) + 1;
    this.underWay.set(socket, underWay);
    if (underWay > FLOOD_OF_A_CONNECTION) return void socket.destroy();
    // What follows the refusal is not answered any more.
    if (underWay > MOST_OF_A_CONNECTION + 1) return;
    response.on('close', () => this.underWay.set(socket, (this.underWay.get(socket) ?? 1) - 1));
    if (underWay <= MOST_OF_A_CONNECTION) return next();
    response.setHeader('Connection', 'close');
    throw new DomainError('too_many_requests', 'Too many requests at once on one connection.');
  };

  /** Once the body is there, so that no drain waits for what never comes. */
  readonly countInFlight = (_request: Request, response: Response, next: NextFunction): void => {
    response.on('close', this.inFlight.begin(response));
    next();
  };

  /**
   * Before the controllers, and after the page's files, which slow readers may take their time with.
   *
   * @throws DomainError `too_many_requests`, `busy`
   */
  readonly limitStudent = (request: StudentRequest, response: Response, next: NextFunction): void => {
    const { method, path } = request;
    if (ALWAYS_ANSWERED.has(path) || OPERATOR_CALL.test(path)) return next();
    request.student = this.studentOf(request.headers);
    const studentId = request.student?.id;
    if (studentId !== undefined && !this.isWithinRate(studentId, READING.has(method))) {
      throw new DomainError('too_many_requests', 'You are asking very often. Please slow down.');
    }
    response.on('close', this.concurrency.begin(studentId));
    next();
  };

  private isWithinRate(studentId: string, reads: boolean): boolean {
    const now = Date.now();
    return reads ? this.rates.takesRead(studentId, now) : this.rates.takesAct(studentId, now);
  }

  private studentOf(headers: Request['headers']): SignedInStudent | undefined {
    if (headers.authorization === undefined && headers.cookie === undefined) return undefined;
    try {
      return this.signIn.verifyHeaders(headers);
    } catch {
      // The guard says why, where that matters.
      return undefined;
    }
  }
}
