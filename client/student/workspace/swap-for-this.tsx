import type { WireError } from '../../../src/contract/errors';
import type { Section } from '../../sdk';
import { usePage } from '../page-context';
import { sectionCode } from '../text/section-code';
import { useSeats } from './seats-context';

/** The class of the student's own that the service names as what stands in the section's way. */
export function classInTheWay(
  section: Section,
  { details }: Pick<WireError, 'details'>,
  enrolledIds: ReadonlySet<string>,
): string | undefined {
  const other = details?.['sectionId'];
  return typeof other === 'string' && enrolledIds.has(other) && other !== section.id ? other : undefined;
}

/** Begins a swap for a section that the student cannot have beside another; `giveId`: that other, when it is known. */
export function SwapForThis({ section, giveId }: { section: Section; giveId?: string }) {
  const { texts } = usePage();
  const { askToSwap } = useSeats();
  return (
    <button
      type="button"
      class="button button-small button-swap"
      aria-label={texts.swap.openFor(sectionCode(section))}
      onClick={() => askToSwap({ giveId, take: section })}
    >
      {texts.swap.forThis}
    </button>
  );
}
