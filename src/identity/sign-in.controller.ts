import { Controller, Get, HttpCode, Inject, Post, Req, Res, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { CookieOptions, Request, Response } from 'express';
import { z } from 'zod';
import { DomainError } from '../common/domain-error';
import { CheckedBody } from '../common/validation';
import { type Config, CONFIG } from '../config/config';
import { CodeExchange, type ExchangedTokens } from './code-exchange';
import { OriginPolicy } from './origin-policy';
import { Database } from '../database/database';
import { HOST_COOKIE, PLAIN_COOKIE } from './request-token';
import { type SignIn, SignInService, type SignInWay } from './sign-in.service';
import { studentIdSchema } from '../contract/fields';
import { classYearSchema, type Language, languageSchema, nameSchema, type SignedInStudent } from './student';
import { CurrentStudent, StudentGuard } from './student.guard';

const demoSchema = z
  .strictObject({
    studentId: studentIdSchema,
    name: nameSchema.optional(),
    classYear: classYearSchema.optional(),
    language: languageSchema.optional(),
  })
  .meta({ example: { studentId: '20261234', name: 'Kim Minji', classYear: '2', language: 'ko' } });

const ssoSchema = z
  .strictObject({
    /** The provider's ID or access token (JWT). */
    token: z.string().min(1).max(16_384),
    /** What the page had asked the provider to put into it. */
    nonce: z.string().min(1).max(256).optional(),
    language: languageSchema.optional(),
  })
  .meta({ example: { token: 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIyMDI2MTIzNCJ9.c2lnbmF0dXJl', language: 'en' } });

const codeSchema = z
  .strictObject({
    code: z.string().min(1).max(4_096),
    codeVerifier: z.string().min(43).max(128),
    redirectUri: z.url().max(2_048),
  })
  .meta({
    example: {
      code: 'SplxlOBeZQQYbYS6WxSbIA',
      codeVerifier: 'k3Hn2vQ0yTzPf8sRwLxUaJ6cMbEg1dN4oZi7qYt5WpS',
      redirectUri: 'https://register.example.edu/',
    },
  });

/** How a page signs a student in by OIDC code + PKCE. */
export interface PageSignIn {
  issuer: string;
  clientId: string;
  authorizeUrl: string;
  tokenUrl: string;
  scope: string;
  /** `pod`: the page gives its code to /api/sign-in/exchange instead of to `tokenUrl`. */
  exchange: 'page' | 'pod';
  /** What the provider is to ask at every sign-in. */
  prompt?: string;
  /** Where the page goes after signing out. */
  signOutUrl?: string;
}

/** What a page must know before anybody is signed in. */
export interface PublicConfig {
  signIn: 'demo' | 'sso';
  /** For OIDC code + PKCE by the page; absent where the provider's token comes another way. */
  sso?: PageSignIn;
  /** Longest wait between two tries to reconnect, ms. */
  reconnectDelayMaxMs: number;
  /** ms since the Unix epoch. */
  serverTime: number;
}

@ApiTags('sign-in')
@Controller('api')
export class SignInController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly signIn: SignInService,
    private readonly codes: CodeExchange,
    private readonly origins: OriginPolicy,
    private readonly database: Database,
  ) {}

  @Get('config')
  @ApiOperation({ summary: 'How to sign in here, and the time of the server' })
  publicConfig(): PublicConfig {
    const { signIn, live } = this.config;
    return {
      signIn: signIn.demo ? 'demo' : 'sso',
      sso: pageSignIn(this.config),
      reconnectDelayMaxMs: live.reconnectDelayMaxMs,
      serverTime: this.database.clock.now(),
    };
  }

  @Post('sign-in/demo')
  @HttpCode(200)
  @ApiOperation({ summary: 'Sign in under any student id; only where the demo sign-in is on' })
  async withDemo(
    @CheckedBody(demoSchema) body: z.output<typeof demoSchema>,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SignIn> {
    const way = this.wayOf(body, request);
    return this.remember(await this.signIn.withDemo(body, way), way, response);
  }

  @Post('sign-in/sso')
  @HttpCode(200)
  @ApiOperation({ summary: "Exchange the university's token for a sign-in of our own" })
  async withSso(
    @CheckedBody(ssoSchema) body: z.output<typeof ssoSchema>,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SignIn> {
    const way = this.wayOf(body, request);
    return this.remember(await this.signIn.withSso(body.token, way, body.nonce), way, response);
  }

  @Post('sign-in/exchange')
  @HttpCode(200)
  @ApiOperation({
    summary:
      'Exchange the code of the university for its token, for the page to sign in with; where `exchange` is `pod`',
  })
  async exchange(
    @CheckedBody(codeSchema) code: z.output<typeof codeSchema>,
    @Req() { headers: { host } }: Request,
  ): Promise<ExchangedTokens> {
    if (!this.origins.allows(new URL(code.redirectUri).origin, host)) {
      throw new DomainError('origin_refused', 'No page of ours is at this redirectUri.');
    }
    return this.codes.exchange(code);
  }

  @Post('sign-out')
  @HttpCode(204)
  @ApiOperation({ summary: 'End this sign-in, also for whoever has a copy of it; a place in line stays' })
  async signOut(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<void> {
    await this.signIn.signOut(request.headers);
    this.forget(request, response);
  }

  @Post('sign-out/everywhere')
  @HttpCode(204)
  @ApiBearerAuth()
  @ApiOperation({ summary: 'End all my sign-ins, in every browser and on every device; places in line stay' })
  async signOutEverywhere(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<void> {
    await this.signIn.signOutEverywhere(request.headers);
    this.forget(request, response);
  }

  @Get('me')
  @ApiBearerAuth()
  @UseGuards(StudentGuard)
  @ApiOperation({ summary: 'Who is signed in' })
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

  private wayOf({ language }: { language?: Language }, request: Request): SignInWay {
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
