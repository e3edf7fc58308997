import type { IncomingMessage, ServerResponse } from 'node:http';

export interface Control {
  /** Begins or ends pushing. */
  push: (on: boolean) => void;
}

/** How a bench speaks with a peer: `GET /healthz`, `POST /push/on`, `POST /push/off`. */
export function answerControl({ url }: IncomingMessage, response: ServerResponse, { push }: Control): void {
  if (url === '/push/on') push(true);
  else if (url === '/push/off') push(false);
  else if (url !== '/healthz') return void response.writeHead(404).end();
  response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}');
}

/** Work that is done once a second while it is on. */
export function everySecond(work: () => void): Control {
  let timer: NodeJS.Timeout | undefined;
  return {
    push: (on) => {
      clearInterval(timer);
      timer = on ? setInterval(work, 1_000) : undefined;
    },
  };
}
