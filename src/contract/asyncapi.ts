import { COMMON_EVENT_ERRORS, type AskedEvent, type ToldEvent } from './event';
import { errorBodySchema } from './errors';
import { ASKED, TOLD } from './events';
import { type JsonSchema, SchemaBook } from './json-schema';

const ref = (path: string) => ({ $ref: `#/${path}` });

/** Socket.IO's event names hold a colon, which names in this document must not. */
const nameOf = (event: string): string => event.replace(':', '.');

const message = (name: string, summary: string, payload: JsonSchema) => ({ name, summary, payload });

/** What goes over a socket as AsyncAPI 3 says it: Socket.IO's default namespace, one message per event. */
export function asyncApi(): object {
  const book = new SchemaBook();
  const asked = Object.entries<AskedEvent>(ASKED);
  const told = Object.entries<ToldEvent>(TOLD);
  const messages = Object.fromEntries([
    ...asked.flatMap(([event, { summary, request, answer, errors }]) => [
      [nameOf(event), message(event, summary, book.of(request))],
      [`${nameOf(event)}.answer`, message(event, `How ${event} is acknowledged`, reply(book, { answer, errors }))],
    ]),
    ...told.map(([event, it]) => [nameOf(event), message(event, it.summary, book.of(it.message))]),
  ]) as Record<string, object>;
  return {
    asyncapi: '3.0.0',
    info: { title: 'Sunbeon', version: '1', description: DESCRIPTION },
    channels: {
      socket: {
        address: '/socket.io/',
        description: 'Socket.IO, default namespace, WebSocket or long polling. `auth: { token }` is the sign-in.',
        messages: Object.fromEntries(Object.keys(messages).map((name) => [name, ref(`components/messages/${name}`)])),
      },
    },
    operations: Object.fromEntries([...asked.map(([event]) => ask(event)), ...told.map(([event]) => tell(event))]),
    components: { messages, schemas: book.components },
  };
}

const DESCRIPTION =
  'Times are ms since the Unix epoch by the server’s clock unless they say otherwise. What an act promises comes after its ' +
  'answer: `line:ticket` after a join, and `line:admitted` after that; `line:left` after leaving or finishing; the counts of ' +
  '`seats:watch`. `enrolment:changed` and `cart:changed` may come before the answer to the act that made them, or after it.';

/** What it says when it went well, or how it was refused. */
function reply(book: SchemaBook, { answer, errors }: Pick<AskedEvent, 'answer' | 'errors'>): JsonSchema {
  const { properties = {}, required = [] } = book.of(answer) as { properties?: object; required?: string[] };
  const error = book.of(errorBodySchema([...new Set([...COMMON_EVENT_ERRORS, ...errors])]));
  return {
    oneOf: [
      { type: 'object', properties: { ok: { const: true }, ...properties }, required: ['ok', ...required] },
      { type: 'object', properties: { ok: { const: false }, error }, required: ['ok', 'error'] },
    ],
  };
}

const channel = ref('channels/socket');
const inChannel = (name: string) => ref(`channels/socket/messages/${name}`);

/** The service receives it, and answers by the acknowledgement. */
const ask = (event: string): [string, object] => [
  nameOf(event),
  {
    ...{ action: 'receive', channel, messages: [inChannel(nameOf(event))] },
    reply: { channel, messages: [inChannel(`${nameOf(event)}.answer`)] },
  },
];

const tell = (event: string): [string, object] => [
  nameOf(event),
  { action: 'send', channel, messages: [inChannel(nameOf(event))] },
];
