import type { KeyValueStorage } from './surroundings';

/** What a browser keeps of a place in line, so that a reload or another tab comes back to it. */
export interface SavedPlace {
  ticket: string;
  number: number;
  /** The first position seen: where the progress line starts; 0 when none was. */
  startPosition: number;
  /** The lowest position shown, 0 when none was; nothing higher is shown for the same number. */
  position: number;
  /** Highest feed sequence seen. */
  sequence: number;
}

const isSavedPlace = (value: unknown): value is SavedPlace => {
  if (typeof value !== 'object' || value === null) return false;
  const place = value as Record<keyof SavedPlace, unknown>;
  return (
    typeof place.ticket === 'string' &&
    [place.number, place.startPosition, place.position, place.sequence].every(Number.isSafeInteger)
  );
};

/** One saved place per room and student: a shared computer never mixes two people up. */
export class SavedPlaces {
  constructor(private readonly storage: KeyValueStorage) {}

  load(roomId: string, studentId: string): SavedPlace | undefined {
    const text = this.storage.getItem(this.key(roomId, studentId));
    if (text === null) return undefined;
    try {
      const value: unknown = JSON.parse(text);
      return isSavedPlace(value) ? value : undefined;
    } catch {
      // Somebody else wrote there: as good as nothing saved.
      return undefined;
    }
  }

  save(roomId: string, studentId: string, place: SavedPlace): void {
    try {
      this.storage.setItem(this.key(roomId, studentId), JSON.stringify(place));
    } catch {
      // A full or forbidden storage costs the comfort of a reload, never the place: the server knows the student.
    }
  }

  forget(roomId: string, studentId: string): void {
    this.storage.removeItem(this.key(roomId, studentId));
  }

  private key(roomId: string, studentId: string): string {
    return `sunbeon:place:${roomId}:${studentId}`;
  }
}
