import { createTransport, type NodemailerError } from 'nodemailer';
import { isLoopback } from '../common/addresses';
import { errorText } from '../common/text';
import type { MailText } from './templates/letter';

export interface Mail extends MailText {
  /** The same for every attempt to send the mail. */
  id: string;
  to: { name: string; address: string };
}

/**
 * What became of one attempt.
 *
 * - sent: the server has answered 250 and answers for the mail from then on.
 * - delayed: the server is away, busy or does not let us in, or its answer was lost: worth another attempt.
 * - refused: the server does not want this mail, and never will.
 */
export type Delivery = { state: 'sent' } | { state: 'delayed' | 'refused'; reason: string };

export interface MailTransportOptions {
  /** smtp:// (with STARTTLS where the server offers it, and always when a password goes beyond this machine) or smtps://. */
  url: string;
  /** The sender, with or without a name. */
  from: string;
  /** How long one attempt may take in all, ms. */
  timeoutMs: number;
}

/** A pace that mail relays take from one client; SMTP_URL may name another. */
const RATE_PER_SECOND = 10;
const MOST_CONNECTIONS = 5;
const CONNECT_TIMEOUT_MS = 10_000;
const REASON_LENGTH = 250;

/** Parts of the conversation that are about this very mail; elsewhere (MAIL FROM, AUTH) a refusal is about us. */
const ABOUT_THE_MAIL = ['RCPT TO', 'DATA', 'API'];

/**
 * Sends mails over SMTP, with connections that are kept and a limited pace.
 *
 * SMTP_URL may say more in its query, in nodemailer's words: `?rateLimit=14&maxConnections=5` for this pod's mails per
 * second and connections. Amazon SES by its SMTP endpoint:
 * `smtps://<SMTP user>:<SMTP password>@email-smtp.<region>.amazonaws.com:465?rateLimit=7` (user and password in URL
 * encoding; the rate is the account's divided by the number of pods; MAIL_FROM must be a verified identity).
 *
 * A mail may arrive twice only when the server took it and its answer, or our note of it, was lost. Each attempt carries
 * the same Message-ID, by which receivers can see that. SES puts a Message-ID of its own in its place; the header
 * X-Sunbeon-Mail stays.
 */
export class MailTransport {
  /** Attempts that make sense at the same time. */
  readonly concurrency: number;
  private readonly mailer;
  private readonly domain: string;

  constructor(private readonly options: MailTransportOptions) {
    const { hostname, username } = new URL(options.url);
    this.mailer = createTransport({
      pool: true,
      maxConnections: MOST_CONNECTIONS,
      rateLimit: RATE_PER_SECOND,
      rateDelta: 1_000,
      // The outbox decides what is tried again, and when.
      maxRequeues: 0,
      requireTLS: options.url.startsWith('smtp:') && username !== '' && !isLoopback(hostname),
      connectionTimeout: CONNECT_TIMEOUT_MS,
      greetingTimeout: CONNECT_TIMEOUT_MS,
      socketTimeout: options.timeoutMs,
      disableFileAccess: true,
      disableUrlAccess: true,
      url: options.url,
    });
    this.concurrency = this.mailer.options.maxConnections ?? MOST_CONNECTIONS;
    this.domain = /@([A-Za-z0-9.-]+)>?\s*$/.exec(options.from)?.[1] ?? 'localhost';
  }

  /** One attempt; never throws for what the server or the network does. */
  async send({ id, to, subject, text, html }: Mail): Promise<Delivery> {
    try {
      await this.mailer.sendMail({
        from: this.options.from,
        to,
        subject,
        text,
        html,
        messageId: `<${id}@${this.domain}>`,
        headers: { 'Auto-Submitted': 'auto-generated', 'X-Sunbeon-Mail': id },
        signal: AbortSignal.timeout(this.options.timeoutMs),
      });
      return { state: 'sent' };
    } catch (error) {
      return { state: isRefusal(error) ? 'refused' : 'delayed', reason: reasonOf(error) };
    }
  }

  /** Ends all connections; attempts under way fail as delayed. */
  close(): void {
    this.mailer.close({ force: true });
  }
}

function isRefusal(error: unknown): boolean {
  const { code, command = '', permanent } = error as Partial<NodemailerError>;
  const aboutTheMail = (code === 'EENVELOPE' || code === 'EMESSAGE') && ABOUT_THE_MAIL.includes(command);
  return aboutTheMail && permanent !== false;
}

/** What the server said, without addresses: it goes to the database and to the log. */
function reasonOf(error: unknown): string {
  const { code } = error as Partial<NodemailerError>;
  const said = `${code ?? 'error'}: ${errorText(error)}`;
  return said
    .replace(/[^\s<>"'():;,]+@[^\s<>"'():;,]+/g, '…@…')
    .replace(/\s+/g, ' ')
    .slice(0, REASON_LENGTH);
}
