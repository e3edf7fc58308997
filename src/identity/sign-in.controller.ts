import { Controller, Inject, Req, Res, UseGuards } from '@nestjs/common';
import type { CookieOptions, Request, Response } from 'express';
import { Asked, Serves } from '../common/serves';
import type { AskedOf } from '../contract/call';
import {
  identityCalls,
  type ExchangedTokens,
  type SignIn,
  type MailLanguage,
  type SignedInStudent,
  type ServiceConfig,
  type PageSignIn,
} from '../contract/identity';
import { DomainError } from '../common/domain-error';
import { type Config, CONFIG } from '../config/config';
import { Database } from '../database/database';
import { CodeExchange } from './code-exchange';
import { OriginPolicy } from './origin-policy';
import { HOST_COOKIE, PLAIN_COOKIE } from './request-token';
import { SignInService, type SignInWay } from './sign-in.service';
import { CurrentStudent, StudentGuard } from './student.guard';

@Controller()
export class SignInController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly signIn: SignInService,
    private readonly codes: CodeExchange,
    private readonly origins: OriginPolicy,
    private readonly database: Database,
  ) {}

  @Serves(identityCalls.publicConfig)
  publicConfig(): ServiceConfig {
    const { signIn, live } = this.config;
    return {
      signIn: signIn.demo ? 'demo' : 'sso',
      sso: pageSignIn(this.config),
      reconnectDelayMaxMs: live.reconnectDelayMaxMs,
      serverTime: this.database.clock.now(),
    };
  }

  @Serves(identityCalls.signInDemo)
  async withDemo(
    @Asked() { body }: AskedOf<typeof identityCalls.signInDemo>,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SignIn> {
    const way = this.wayOf(body, request);
    return this.remember(await this.signIn.withDemo(body, way), way, response);
  }

  @Serves(identityCalls.signInSso)
  async withSso(
    @Asked() { body }: AskedOf<typeof identityCalls.signInSso>,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SignIn> {
    const way = this.wayOf(body, request);
    return this.remember(await this.signIn.withSso(body.token, way, body.nonce), way, response);
  }

  @Serves(identityCalls.exchangeCode)
  async exchange(
    @Asked() { body: code }: AskedOf<typeof identityCalls.exchangeCode>,
    @Req() { headers: { host } }: Request,
  ): Promise<ExchangedTokens> {
    if (!this.origins.allows(new URL(code.redirectUri).origin, host)) {
      throw new DomainError('origin_refused', 'No page of ours is at this redirectUri.');
    }
    return this.codes.exchange(code);
  }

  @Serves(identityCalls.signOut)
  async signOut(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<void> {
    await this.signIn.signOut(request.headers);
    this.forget(request, response);
  }

  @Serves(identityCalls.signOutEverywhere)
  async signOutEverywhere(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<void> {
    await this.signIn.signOutEverywhere(request.headers);
    this.forget(request, response);
  }

  @Serves(identityCalls.me)
  @UseGuards(StudentGuard)
  me(@CurrentStudent() student: SignedInStudent): { student: SignedInStudent } {
    return { student };
  }

  private remember(signIn: SignIn, { overHttps }: SignInWay, response: Response): SignIn {
    const maxAge = signIn.student.expiresAt - signIn.student.issuedAt;
    response.cookie(overHttps ? HOST_COOKIE : PLAIN_COOKIE, signIn.token, { ...cookieOptions(overHttps), maxAge });
    if (overHttps) response.clearCookie(PLAIN_COOKIE, cookieOptions(true));
    return signIn;
  }

  /** Both names: the sign-in may be from before the service was behind https, or from an older version. */
  private forget(request: Request, response: Response): void {
    const overHttps = this.isOverHttps(request);
    response.clearCookie(PLAIN_COOKIE, cookieOptions(overHttps));
    if (overHttps) response.clearCookie(HOST_COOKIE, cookieOptions(true));
  }

  private wayOf({ language }: { language?: MailLanguage }, request: Request): SignInWay {
    const preferred = request.acceptsLanguages('en', 'ko') === 'ko' ? 'ko' : 'en';
    return { language: language ?? preferred, overHttps: this.isOverHttps(request) };
  }

  private isOverHttps(request: Request): boolean {
    return request.secure || this.config.http.publicUrl?.startsWith('https:') === true;
  }
}

const cookieOptions = (secure: boolean): CookieOptions => ({ httpOnly: true, sameSite: 'lax', secure, path: '/' });

function pageSignIn({ signIn: { sso } }: Config): PageSignIn | undefined {
  if (!sso?.clientId || !sso.authorizeUrl || !sso.tokenUrl) return undefined;
  const { issuer, clientId, authorizeUrl, tokenUrl, scope, prompt, signOutUrl, clientSecret } = sso;
  const exchange = clientSecret === undefined ? 'page' : 'pod';
  return { issuer, clientId, authorizeUrl, tokenUrl, scope, exchange, prompt, signOutUrl };
}
