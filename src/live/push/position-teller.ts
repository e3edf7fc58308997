import { FRONT, isOff, reckon, type Reckoning, RENEWED_AFTER_MS } from '../../common/reckoning';
import type { LinePositionMessage } from '../../contract/line';
import type { LineReplica } from '../../line/follower/line-replica';
import { backlogOf, type Session, type SessionPlace } from '../session';
import { EncodedMessage } from './encoded-message';
import type { ToldFlow } from './line-flow';

/** The number of people behind is refreshed this often while the own position stands, ms. */
const TOTAL_REFRESH_MS = 5_000;
/** Packets a socket may have waiting before a position is skipped; the next one supersedes it. */
const BACKLOG = 8;
/** Those who came together are not told anew together: that long before the last moment, by their numbers, ms. */
const EARLIER_MS = 100;
const EARLIER_STEPS = 16;

/** One look at a line. */
export interface Look {
  /** It is the interval's; else only those who extrapolate are told. */
  atAll: boolean;
  /** The last position that is looked at. */
  upTo: number;
  told: ToldFlow;
  /** Places per second at which clients that extrapolate move on. */
  pace: number;
}

/** Tells sockets their positions in one line: what all are told alike is encoded once per turn. */
export class PositionTeller {
  /** Store time of this turn, ms. */
  private at = 0;
  private total = 0;
  private head = '';
  private readonly pace: string;
  private readonly flow: string;
  private readonly speed: number;

  constructor(
    private readonly roomId: string,
    private readonly replica: LineReplica,
    private readonly look: Look,
  ) {
    this.speed = Math.round(replica.expectedSpeed() * 100) / 100;
    this.pace = `,"pace":${look.pace}`;
    this.flow = `,"flow":${JSON.stringify(look.told.flow)}`;
  }

  beginTurn(): void {
    const { replica, roomId, speed } = this;
    this.at = Math.round(replica.now());
    this.total = replica.total;
    const alike = {
      roomId,
      sequence: replica.shownSequence,
      at: this.at,
      speed,
    } satisfies Partial<LinePositionMessage>;
    this.head = `2["line:position",${JSON.stringify(alike).slice(0, -1)}`;
  }

  /** Tells one socket, if there is something to tell. False: neither it nor those behind are looked at. */
  tell({ socket, places }: Session, place: SessionPlace): boolean {
    // Meanwhile it may be over.
    if (place.state !== 'waiting' || places.get(place.roomId) !== place) return true;
    const position = this.replica.position(place.number);
    if (position > this.look.upTo) return false;
    const isNews = place.reckoned
      ? this.isNewsToReckoner(place, place.reckoned, position)
      : this.isNews(place, position);
    if (isNews && backlogOf(socket) <= BACKLOG) this.message(place, position).writeTo(socket);
    return true;
  }

  private isNews({ position: before, total, sentAt, flowVersion }: SessionPlace, position: number): boolean {
    if (!this.look.atAll) return false;
    if (before === 0 || position < before || flowVersion !== this.look.told.version) return true;
    return this.totalAt(position) !== total && this.at - sentAt >= TOTAL_REFRESH_MS;
  }

  /**
   * In the front nobody is off for longer than an interval, be it by one place: it may be the last step for a while. The
   * flow goes along with a position; alone it is told only when the line moves for quite another reason.
   */
  private isNewsToReckoner(place: SessionPlace, reckoned: Reckoning, position: number): boolean {
    const { atAll, told, pace } = this.look;
    const { number, sentAt, flowVersion } = place;
    if (place.position === 0 || isOff(reckoned, position, this.at)) return true;
    if (atAll && position <= FRONT && reckon(reckoned, this.at) !== position) return true;
    if (flowVersion !== undefined && flowVersion < told.turnedAt) return true;
    if (this.at - sentAt < RENEWED_AFTER_MS - (number % EARLIER_STEPS) * EARLIER_MS) return false;
    const stands = position === reckoned.position && pace === reckoned.pace;
    return !stands || this.totalAt(position) !== place.total || flowVersion !== told.version;
  }

  /** Notes what is told, and says it. */
  private message(place: SessionPlace, latest: number): EncodedMessage {
    const { at, look } = this;
    const position = place.position === 0 ? latest : Math.min(place.position, latest);
    const total = this.totalAt(position);
    const flow = place.flowVersion === look.told.version ? '' : this.flow;
    place.position = position;
    place.total = total;
    place.sentAt = at;
    place.flowVersion = look.told.version;
    if (place.reckoned) place.reckoned = { position, at, pace: look.pace };
    const pace = place.reckoned ? this.pace : '';
    return new EncodedMessage(`${this.head},"position":${position},"total":${total}${flow}${pace}}]`);
  }

  private totalAt(position: number): number {
    return Math.max(this.total, position);
  }
}
