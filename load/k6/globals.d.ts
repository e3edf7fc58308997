/** What k6 has of the usual globals, beyond what @types/k6 declares. */
declare const console: { warn(message: string): void };
