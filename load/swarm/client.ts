import type { LineAdmittedMessage, LinePositionMessage, LineTicketMessage } from '../../src/contract/line';
import { clientFrame } from './frames';
import { acknowledgePacket, askPacket, connectPacket, PONG, readPacket } from './packets';
import type { Comer } from './plan';
import { type Destination, RawWebSocket } from './raw-websocket';
import type { Tally } from './tally';
import type { Twins } from './twins';

const SOCKET_PATH = '/socket.io/?EIO=4&transport=websocket';
const PONG_FRAME = clientFrame(PONG);

/** A client that was refused or cut comes again after a time of its own between these, ms. */
const AGAIN_MS = { least: 500, most: 2_000 };

/** What a client does, and who else hears what it is told. */
export interface ClientConduct {
  /** Where it takes a place; it takes none without. */
  roomId?: string;
  /** Asks for few positions, and moves the number by itself in between. */
  extrapolates?: boolean;
  /** How long an admission lasts, ms. */
  leaseMs?: number;
  twins?: Twins;
}

/** A student's client on one raw socket, as cheap as it can be while it keeps the protocol. */
export class SwarmClient {
  /** The place's number once there is one. */
  number?: number;
  private socket?: RawWebSocket;
  private again?: NodeJS.Timeout;
  private isConnected = false;
  private ticket?: string;
  private seenSequence?: number;

  /** @param cameAt when it was to come, by `performance.now()`: what the service made it wait counts from then on */
  constructor(
    private readonly comer: Comer,
    private readonly destination: Destination,
    private readonly conduct: ClientConduct,
    private readonly tally: Tally,
    private readonly cameAt: number,
  ) {
    this.open();
  }

  leave(): void {
    clearTimeout(this.again);
    this.socket?.destroy();
  }

  private open(): void {
    this.tally.counts.tried += 1;
    this.isConnected = false;
    this.socket = new RawWebSocket(
      { ...this.destination, path: SOCKET_PATH },
      { onOpen: () => undefined, onText: (text) => this.hear(text), onClose: () => this.comeAgain() },
    );
  }

  private comeAgain(): void {
    this.tally.counts.again += 1;
    if (this.isConnected) this.tally.counts.lost += 1;
    const { least, most } = AGAIN_MS;
    this.again = setTimeout(() => this.open(), least + Math.random() * (most - least));
  }

  private hear(text: string): void {
    const { counts } = this.tally;
    counts.frames += 1;
    counts.bytes += text.length;
    const packet = readPacket(text);
    switch (packet.kind) {
      case 'ping':
        return this.socket?.send(PONG_FRAME);
      case 'open':
        return this.send(connectPacket({ token: this.comer.token }));
      case 'connected':
        return this.onConnected();
      case 'refused':
        return this.refuse(packet.code);
      case 'disconnected':
        this.socket?.destroy();
        return this.comeAgain();
      case 'event':
        return this.onEvent(packet.name, packet.args[0], packet.acknowledge);
      case 'answer':
        return this.onAnswer(packet.args[0] as { ok: boolean; error?: { code: string } });
      case 'other':
    }
  }

  private send(packet: string): void {
    this.socket?.send(clientFrame(packet));
  }

  private refuse(code: string): void {
    this.tally.refused[code] = (this.tally.refused[code] ?? 0) + 1;
  }

  private onConnected(): void {
    const { counts, times } = this.tally;
    counts.connected += 1;
    if (!this.isConnected) times.connectMs.add(performance.now() - this.cameAt);
    this.isConnected = true;
    const { ticket, seenSequence, conduct } = this;
    if (conduct.roomId === undefined) return;
    const resumes = ticket === undefined ? {} : { ticket, seenSequence, resume: true };
    const { roomId, extrapolates } = conduct;
    this.send(askPacket(0, 'line:join', { roomId, ...(extrapolates && { extrapolates }), ...resumes }));
  }

  private onAnswer({ ok, error }: { ok: boolean; error?: { code: string } }): void {
    if (!ok) this.refuse(error?.code ?? '');
  }

  private onEvent(name: string, message: unknown, acknowledge?: number): void {
    if (acknowledge !== undefined) this.send(acknowledgePacket(acknowledge));
    switch (name) {
      case 'line:position':
        return this.onPosition(message as LinePositionMessage);
      case 'line:ticket':
        return this.onTicket(message as LineTicketMessage);
      case 'line:admitted':
        return this.onAdmitted(message as LineAdmittedMessage);
    }
  }

  private onTicket(message: LineTicketMessage): void {
    const { ticket, number, sequence } = message;
    if (this.conduct.extrapolates) this.conduct.twins?.takeTicket(message, Date.now());
    if (this.number === undefined) {
      this.tally.counts.placed += 1;
      this.tally.times.joinMs.add(performance.now() - this.cameAt);
    }
    this.number = number;
    this.ticket = ticket;
    this.seenSequence = sequence;
  }

  private onPosition(message: LinePositionMessage): void {
    const { at, sequence } = message;
    const { twins, extrapolates } = this.conduct;
    if (extrapolates) twins?.tell(message);
    else twins?.compare(message);
    this.tally.counts.positions += 1;
    this.tally.times.positionAgeMs.add(Date.now() - at);
    this.seenSequence = sequence;
  }

  private onAdmitted({ expiresAt }: LineAdmittedMessage): void {
    this.tally.counts.admitted += 1;
    const { leaseMs } = this.conduct;
    if (leaseMs !== undefined) this.tally.times.admissionMs.add(Date.now() - (expiresAt - leaseMs));
  }
}
