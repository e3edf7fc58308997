import type { Section } from '../../sdk';
import { usePage } from '../page-context';
import { useAct } from '../parts/use-act';
import { sectionCode } from '../text/section-code';
import { useSeats } from './seats-context';

/** Where the student stands on the section's waitlist; when nowhere, the way onto it. */
export function WaitlistButton({ section }: { section: Section }) {
  const { client, texts } = usePage();
  const { termId, cart, waitlists } = useSeats();
  const { working, said, run } = useAct();
  const entry = waitlists.of(section.id);
  const join = async () => {
    const position = await client.joinWaitlist(termId, section.id);
    cart.remove(section.id);
    return texts.waitlist.place(position);
  };
  if (entry) {
    return (
      <span class="chosen chosen-waiting" role="status" data-waitlist={entry.position}>
        {entry.state === 'offered' ? texts.search.offered : texts.waitlist.place(entry.position)}
      </span>
    );
  }
  return (
    <>
      <button
        type="button"
        class="button button-small button-waitlist"
        aria-label={working ? undefined : texts.waitlist.joinLabel(sectionCode(section))}
        disabled={working}
        onClick={() => run(join)}
      >
        {working ? texts.waitlist.joining : texts.waitlist.join}
      </button>
      <span role="status" class={said.bad ? 'act-said act-said-bad' : 'act-said'}>
        {said.text}
      </span>
    </>
  );
}
