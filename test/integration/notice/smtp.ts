import type { AddressInfo } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer, type SMTPServerError, type SMTPServerSession } from 'smtp-server';

/** What the server does with a message that it has received in full. */
export type Reaction =
  | { kind: 'accept' }
  /** An answer other than 250. */
  | { kind: 'answer'; code: number; text: string }
  /** The connection ends without an answer. */
  | { kind: 'cut' }
  /** No answer at all. */
  | { kind: 'hang' };

export interface ReceivedMail extends Email {
  /** Whether it was answered with 250. */
  accepted: boolean;
}

export interface TestSmtpServer {
  url: string;
  /** Every message that came, in order. */
  mails: ReceivedMail[];
  accepted(): ReceivedMail[];
  /** For each message from now on. */
  react: (mail: Email) => Reaction;
  /** The answer to MAIL FROM from now on. */
  refuseSender?: { code: number; text: string };
  stop(): Promise<void>;
}

/** A real SMTP server on a port of its own. */
export async function startSmtpServer(): Promise<TestSmtpServer> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    logger: false,
    onMailFrom: (_address, _session, callback) => {
      const { refuseSender } = own;
      callback(refuseSender ? failure(refuseSender.code, refuseSender.text) : null);
    },
    onData: (stream, session, callback) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        void receive(Buffer.concat(chunks)).then((reaction) => {
          if (reaction.kind === 'accept') callback(null);
          else if (reaction.kind === 'answer') callback(failure(reaction.code, reaction.text));
          else if (reaction.kind === 'cut') cut(server, session);
        });
      });
    },
  });
  // A client that goes away in mid-conversation is part of the tests.
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;

  const receive = async (raw: Buffer): Promise<Reaction> => {
    const email = await PostalMime.parse(raw);
    const reaction = own.react(email);
    own.mails.push({ ...email, accepted: reaction.kind === 'accept' });
    return reaction;
  };

  const own: TestSmtpServer = {
    url: `smtp://127.0.0.1:${port}`,
    mails: [],
    accepted: () => own.mails.filter(({ accepted }) => accepted),
    react: () => ({ kind: 'accept' }),
    stop: async () => {
      for (const connection of server.connections) connection._socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  return own;
}

function failure(responseCode: number, text: string): SMTPServerError {
  return Object.assign(new Error(text), { responseCode });
}

function cut(server: SMTPServer, session: SMTPServerSession): void {
  const connection = [...server.connections].find(({ id }) => id === session.id);
  connection?._socket.destroy();
}
