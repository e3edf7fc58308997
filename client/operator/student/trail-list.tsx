import type { TrailLine } from '../../../src/contract/operate/console';
import { useConsole, useNow } from '../console-context';
import { momentText } from '../format';
import type { ConsoleTexts } from '../text/texts';

function words(
  texts: ConsoleTexts,
  { type, number = 0, entry = 0, reason = '', expiresAt = 0 }: TrailLine,
  now: number,
): string {
  const { trail, reasons } = texts;
  switch (type) {
    case 'joined':
      return trail.joined(texts.number(number));
    case 'away':
    case 'back':
    case 'acknowledged':
      return trail[type];
    case 'drawn':
      return trail.drawn(texts.number(number), texts.number(entry));
    case 'admitted':
      return trail.admitted(momentText(texts, expiresAt, now, { seconds: true }));
    case 'ended':
      return trail.ended(reasons[reason] ?? reason);
    default:
      return trail.other(type);
  }
}

/** The student's own line of the trail in plain words, newest first. */
export function TrailList({ lines }: { lines: readonly TrailLine[] }) {
  const { texts, feed } = useConsole();
  const now = useNow();
  return (
    <ol class="trail">
      {lines.map((line) => (
        <li key={`${line.roomId} ${line.at} ${line.type} ${line.number}`} class="trail-line" data-type={line.type}>
          <time dateTime={new Date(line.at).toISOString()}>{momentText(texts, line.at, now, { seconds: true })}</time>
          <div>
            <p>{words(texts, line, now)}</p>
            {line.operator && <p class="audit-note">{texts.trail.by(line.operator, line.note ?? '')}</p>}
            <p class="hint">{feed.state?.rooms.get(line.roomId)?.name ?? line.roomId}</p>
          </div>
        </li>
      ))}
    </ol>
  );
}
