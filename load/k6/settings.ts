/** What a run is told with `-e NAME=value`. */
export const SETTINGS = {
  /** Where the service is, or the nginx in front of it. */
  url: (__ENV.URL ?? 'http://127.0.0.1:3000').replace(/\/$/, ''),
  students: wholeNumber('STUDENTS', 100),
  /** File of `npm run tokens`, for SSO; without one the demo sign-in is used. */
  tokensFile: __ENV.TOKENS ?? '',
  /** The room; the first one otherwise. */
  room: __ENV.ROOM ?? '',
  /** All students arrive within this time, each at a random moment of it: faster than a room lets them in, or none waits. */
  arrivalSeconds: wholeNumber('ARRIVAL_SECONDS', 3),
  /** After this time everybody goes home, and whoever is not done counts as lost. */
  limitSeconds: wholeNumber('LIMIT_SECONDS', 300),
  /** k6 pays about 3 MB for each VU. */
  socketsPerVu: wholeNumber('SOCKETS_PER_VU', 50),
  /** Sections in one student's commit, at most. */
  sections: wholeNumber('SECTIONS', 4),
  /** How many positions must have been pushed, over all students; lower it where the line is short. */
  positions: wholeNumber('POSITIONS', wholeNumber('STUDENTS', 100)),
  limitsMs: {
    signIn: wholeNumber('SIGN_IN_P95_MS', 3_000),
    connect: wholeNumber('CONNECT_P95_MS', 3_000),
    join: wholeNumber('JOIN_P95_MS', 2_000),
    admission: wholeNumber('ADMISSION_P95_MS', 1_000),
    commit: wholeNumber('COMMIT_P95_MS', 2_000),
  },
};

function wholeNumber(name: string, otherwise: number): number {
  const value = Number(__ENV[name] || otherwise);
  if (!Number.isInteger(value) || value < 1) throw new Error(`${name} must be a whole number above 0`);
  return value;
}
