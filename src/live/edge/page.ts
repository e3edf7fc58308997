import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import { existsSync, readdirSync } from 'node:fs';
import { extname, join } from 'node:path';

/** The built pages, beside the built server. */
const PAGE = join(__dirname, '..', '..', '..', 'client', 'dist');
const READS = new Set(['GET', 'HEAD']);
/** Where the operators' console is, with all its views; everywhere else is the student page. */
const CONSOLE = /^\/operator(\/|$)/;
/** What is not for the page: everything else that is not a file is answered with the page itself. */
const NOT_THE_PAGE = /^\/(api|socket\.io|metrics|healthz|readyz|\.well-known|assets)(\/|$)/;

/** How text is compressed when the page is built, the best first, and the ending that such a file has. */
const ENCODINGS = { br: '.br', gzip: '.gz' } as const;

/** Serves the built pages: their files, compressed where they are of text, and each page itself for its views. */
export function servePage(app: NestExpressApplication): void {
  const built = existsSync(PAGE)
    ? new Set(readdirSync(PAGE, { recursive: true, encoding: 'utf8' }))
    : new Set<string>();
  app.use((request: Request, response: Response, next: NextFunction) => {
    const file = request.path.slice(1);
    if (READS.has(request.method) && built.has(file)) request.url = `/${encode(built, file, request, response)}`;
    next();
  });
  app.useStaticAssets(PAGE, { index: false, setHeaders: cacheFor });
  app.use((request: Request, response: Response, next: NextFunction) => {
    const wantsPage = READS.has(request.method) && !NOT_THE_PAGE.test(request.path) && request.accepts('html');
    if (!wantsPage) return next();
    response.setHeader('Cache-Control', 'no-cache');
    const page = CONSOLE.test(request.path) ? 'operator.html' : 'index.html';
    response.sendFile(join(PAGE, encode(built, page, request, response)), (error) => error && next());
  });
}

/** The file to be sent instead: a compressed one, where there is one that the client reads. Sets what goes with it. */
function encode(built: ReadonlySet<string>, file: string, request: Request, response: Response): string {
  const encodings = Object.keys(ENCODINGS) as (keyof typeof ENCODINGS)[];
  const there = encodings.filter((encoding) => built.has(file + ENCODINGS[encoding]));
  if (there.length === 0) return file;
  response.vary('Accept-Encoding');
  const encoding = there.find((one) => request.acceptsEncodings(one));
  if (!encoding) return file;
  response.setHeader('Content-Encoding', encoding);
  response.type(extname(file));
  return file + ENCODINGS[encoding];
}

/** Built files carry a hash in their names; everything else is asked for again. */
function cacheFor(response: { setHeader: (name: string, value: string) => void }, path: string): void {
  const immutable = path.includes(`${join('dist', 'assets')}`);
  response.setHeader('Cache-Control', immutable ? 'public, max-age=31536000, immutable' : 'no-cache');
}
