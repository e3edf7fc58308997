import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server as HttpServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { readTerm, shownSection } from '../../../load/rush/demand';
import type { SectionOutcome } from '../../../src/contract/seats';
import type { Lie } from './lie';
import { LyingLine, type LyingLineOptions } from './lying-line';
import { LyingSeats } from './lying-seats';

const TERM = '20251';

/** A service that looks like ours to the rush, and can be told to break one promise. */
export interface LyingService {
  url: string;
  /** How many students ever had a place. */
  joined(): number;
  close(): Promise<void>;
}

/** @param lie the promise to break; undefined = honest */
export async function startLyingService(lie?: Lie, options?: LyingLineOptions): Promise<LyingService> {
  const seats = new LyingSeats(lie);
  const http = createServer((request, response) => void answer(seats, request, response));
  const io = new Server(http, { serveClient: false });
  const line = new LyingLine(io, seats, lie, options);
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const { port } = http.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, joined: () => line.joined, close: () => close(line, io, http) };
}

async function close(line: LyingLine, io: Server, http: HttpServer): Promise<void> {
  line.stop();
  http.closeAllConnections();
  await io.close();
}

async function answer(seats: LyingSeats, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://service');
  if (url.pathname.startsWith('/socket.io/')) return;
  response.writeHead(200, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(await contentOf(seats, url, request)));
}

async function contentOf(seats: LyingSeats, url: URL, request: IncomingMessage): Promise<object> {
  switch (url.pathname) {
    case '/api/terms':
      return { terms: [{ id: TERM, creditLimit: 6 }] };
    case `/api/terms/${TERM}/sections`:
      return sectionPage(seats, Number(url.searchParams.get('page')));
    case `/api/terms/${TERM}/enrolments`: {
      if (request.method === 'POST') return seatsOf(seats, url, request);
      return { enrolments: seats.enrolled(studentOf(request)).map((id) => ({ section: { id } })) };
    }
    case `/api/terms/${TERM}/waitlists`: {
      const turns = seats.waiting(studentOf(request));
      return {
        waitlists: turns.map(({ sectionId: id, position }) => ({ section: { id }, state: 'waiting', position })),
      };
    }
    case '/api/sign-in/demo': {
      const { studentId = '' } = await bodyOf(request);
      return { token: studentId, student: { id: studentId, name: studentId } };
    }
    case '/api/operator/rooms':
      return { id: 'room' };
    default: {
      if (url.pathname.startsWith(`/api/terms/${TERM}/`)) return seatsOf(seats, url, request);
      const now = Date.now();
      return { roomId: 'room', termId: TERM, state: 'open', opensAt: now, ratePerSecond: 100, serverTime: now };
    }
  }
}

/** Requests for seats of clients that have no socket. */
async function seatsOf(seats: LyingSeats, url: URL, request: IncomingMessage): Promise<object> {
  const student = studentOf(request);
  const { sectionIds = [], dropSectionId = '', takeSectionId = '' } = await bodyOf(request);
  const [, , , , target = '', sectionId = ''] = url.pathname.split('/');
  const decide = (): SectionOutcome[] => {
    if (sectionId === 'swap') return seats.swap(student, dropSectionId, takeSectionId);
    if (request.method === 'DELETE')
      return [target === 'enrolments' ? seats.drop(student, sectionId) : seats.leave(student, sectionId)];
    return target === 'enrolments' ? sectionIds.map((id) => seats.take(student, id)) : [seats.join(student, sectionId)];
  };
  return { results: seats.answer(student, String(request.headers['idempotency-key']), decide) };
}

const studentOf = (request: IncomingMessage): string => request.headers.authorization?.replace('Bearer ', '') ?? '';

interface Body {
  studentId?: string;
  sectionIds?: string[];
  dropSectionId?: string;
  takeSectionId?: string;
}

async function bodyOf(request: IncomingMessage): Promise<Body> {
  const chunks = (await request.toArray()) as Buffer[];
  return JSON.parse(Buffer.concat(chunks).toString('utf8') || '{}') as Body;
}

const rows = readTerm();

function sectionPage(seats: LyingSeats, page: number): object {
  const sections = rows.slice((page - 1) * 100, page * 100).map((row) => ({
    ...shownSection(row),
    ...{ capacity: seats.capacity(row.id), left: seats.left(row.id) },
  }));
  return { sections, total: rows.length };
}
