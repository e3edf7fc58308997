/**
 * The rush as k6 sees it: students arrive within seconds, wait on live sockets, are let in, and take sections.
 *
 *   k6 run -e URL=http://localhost:3000 -e STUDENTS=500 load/k6/rush.ts
 *   k6 run -e URL=https://… -e TOKENS=tokens.jsonl -e STUDENTS=500 load/k6/rush.ts
 *
 * TOKENS is relative to this file, or absolute. All settings are in settings.ts.
 */
import { SharedArray } from 'k6/data';
import exec from 'k6/execution';
import http from 'k6/http';
import type { Options } from 'k6/options';
import { clearTimeout, setTimeout } from 'k6/timers';
import type { SectionPage } from '../../src/contract/catalogue.ts';
import type { RoomView } from '../../src/contract/rooms.ts';
import { countFromZero, thresholds } from './measures.ts';
import { SETTINGS } from './settings.ts';
import { type Credentials, Student } from './student.ts';

const { students, socketsPerVu, tokensFile } = SETTINGS;
const vus = Math.ceil(students / socketsPerVu);

export const options: Options = {
  scenarios: {
    rush: {
      executor: 'per-vu-iterations',
      vus,
      iterations: 1,
      maxDuration: `${SETTINGS.limitSeconds + 30}s`,
    },
  },
  thresholds: thresholds(),
  summaryTrendStats: ['min', 'med', 'p(95)', 'p(99)', 'max', 'count'],
};

/** JSON lines, or one JSON array. */
const minted = new SharedArray<Credentials>('tokens', () => {
  if (tokensFile === '') return [];
  const text = open(tokensFile).trim();
  if (text.startsWith('[')) return JSON.parse(text) as Credentials[];
  return text.split('\n').map((line) => JSON.parse(line) as Credentials);
});

interface Scene {
  run: string;
  roomId: string;
  termId: string;
  sectionIds: string[];
}

/** Finds the room and what its term offers. */
export function setup(): Scene {
  countFromZero();
  if (minted.length > 0 && minted.length < students) {
    exec.test.abort(`${tokensFile} holds ${minted.length} tokens for ${students} students`);
  }
  const rooms = get<RoomView[]>('/api/rooms');
  const room = SETTINGS.room === '' ? rooms[0] : rooms.find(({ roomId }) => roomId === SETTINGS.room);
  if (!room) throw new Error(`no such room at ${SETTINGS.url}: ${SETTINGS.room || '(the first)'}`);
  const { roomId, termId } = room;
  return { run: Date.now().toString(36), roomId, termId, sectionIds: sectionsOf(termId) };
}

export default function rush({ run, roomId, termId, sectionIds }: Scene): void {
  const first = (exec.vu.idInTest - 1) * socketsPerVu;
  const all = Array.from({ length: Math.min(socketsPerVu, students - first) }, (_, index) => {
    const credentials = minted[first + index] ?? { studentId: `k6-${run}-${first + index + 1}` };
    return new Student(credentials, { roomId, termId, sectionIds: someOf(sectionIds) });
  });
  const closing = setTimeout(() => all.forEach((student) => student.goHome()), SETTINGS.limitSeconds * 1_000);
  let left = all.length;
  for (const student of all) {
    student.onOver = () => {
      left -= 1;
      if (left === 0) clearTimeout(closing);
    };
    setTimeout(() => void student.start(), Math.random() * SETTINGS.arrivalSeconds * 1_000);
  }
}

function sectionsOf(termId: string): string[] {
  const ids: string[] = [];
  for (let page = 1; ; page += 1) {
    const path = `/api/terms/${termId}/sections?openOnly=true&pageSize=100&page=${page}`;
    const { sections, total } = get<SectionPage>(path);
    ids.push(...sections.map(({ id }) => id));
    if (sections.length === 0 || ids.length >= total) return ids;
  }
}

function someOf(sectionIds: string[]): string[] {
  const wanted = 1 + Math.floor(Math.random() * Math.min(SETTINGS.sections, sectionIds.length));
  const chosen = new Set<string>();
  while (chosen.size < wanted) chosen.add(sectionIds[Math.floor(Math.random() * sectionIds.length)] ?? '');
  return [...chosen];
}

function get<T>(path: string): T {
  const response = http.get(`${SETTINGS.url}${path}`, { tags: { name: path.replace(/\?.*/, '') } });
  if (response.status !== 200) throw new Error(`GET ${path} answered ${response.status}`);
  return response.json() as unknown as T;
}
