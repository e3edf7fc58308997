import type { Section } from '../../sdk';
import { usePage } from '../page-context';
import { CheckIcon, PlusIcon } from '../parts/icons';
import { sectionCode } from '../text/section-code';
import { isClosed, MeetingTimes, SeatsLeft, seatsLeft } from './section-facts';
import { useSeats } from './seats-context';
import { WaitlistButton } from './waitlist-button';

function CartButton({ section }: { section: Section }) {
  const { state, texts } = usePage();
  const { cart } = useSeats();
  const code = sectionCode(section);
  const inCart = cart.has(section.id);
  return (
    <button
      type="button"
      class={inCart ? 'button button-small button-chosen' : 'button button-small'}
      aria-label={inCart ? texts.search.removeLabel(code) : texts.search.addLabel(code)}
      disabled={!cart.loaded || (!inCart && (cart.isFull || isClosed(section, state.seats)))}
      onClick={() => (inCart ? cart.remove(section.id) : cart.add(section))}
    >
      {inCart ? <CheckIcon /> : <PlusIcon />} {inCart ? texts.search.added : texts.search.add}
    </button>
  );
}

/** What can be done with the section now: for one that is full, and only once inside, its waitlist. */
function SectionActions({ section }: { section: Section }) {
  const { state, texts } = usePage();
  const { cart, enrolledIds, mayTake, waitlists } = useSeats();
  if (enrolledIds.has(section.id)) {
    return (
      <span class="chosen">
        <CheckIcon /> {texts.search.mine}
      </span>
    );
  }
  if (waitlists.of(section.id)) return <WaitlistButton section={section} />;
  const full = !isClosed(section, state.seats) && seatsLeft(section, state.seats) === 0;
  const mayWait = full && mayTake;
  return (
    <>
      {(!mayWait || cart.has(section.id)) && <CartButton section={section} />}
      {mayWait && <WaitlistButton section={section} />}
    </>
  );
}

export function SectionRow({ section }: { section: Section }) {
  const { texts } = usePage();
  const more = [section.prerequisites, section.notes].filter(Boolean);
  return (
    <li class="section" data-section={section.id}>
      <div class="section-main">
        <p class="section-code">
          {sectionCode(section)} · {texts.section.credits(section.credits)}
          {section.type && ` · ${section.type}`}
        </p>
        <h3 class="section-title">{section.title}</h3>
        <p class="section-meta">
          <MeetingTimes meetings={section.meetings} />
        </p>
        <p class="section-meta">{section.instructors.join(', ') || texts.section.noInstructor}</p>
        {more.length > 0 && (
          <details>
            <summary>{texts.search.details}</summary>
            {more.map((text) => (
              <p key={text}>{text}</p>
            ))}
          </details>
        )}
      </div>
      <div class="section-side">
        <SeatsLeft section={section} />
        <SectionActions section={section} />
      </div>
    </li>
  );
}
