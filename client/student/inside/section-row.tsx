import type { Section } from '../../sdk';
import { usePage } from '../page-context';
import { CheckIcon, PlusIcon } from '../parts/icons';
import { sectionCode } from './section-code';
import { MeetingTimes, SeatsLeft } from './section-facts';
import type { Cart } from './use-cart';

interface SectionRowProps {
  section: Section;
  cart: Cart;
  enrolled: boolean;
}

function ChooseButton({ section, cart, enrolled }: SectionRowProps) {
  const { texts } = usePage();
  const code = sectionCode(section);
  if (enrolled) {
    return (
      <span class="chosen">
        <CheckIcon /> {texts.search.mine}
      </span>
    );
  }
  const inCart = cart.has(section.id);
  return (
    <button
      type="button"
      class={inCart ? 'button button-small button-chosen' : 'button button-small'}
      aria-pressed={inCart}
      aria-label={inCart ? texts.search.removeLabel(code) : texts.search.addLabel(code)}
      disabled={!inCart && (cart.isFull || section.closed)}
      onClick={() => (inCart ? cart.remove(section.id) : cart.add(section))}
    >
      {inCart ? <CheckIcon /> : <PlusIcon />} {inCart ? texts.search.added : texts.search.add}
    </button>
  );
}

export function SectionRow({ section, cart, enrolled }: SectionRowProps) {
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
        <ChooseButton section={section} cart={cart} enrolled={enrolled} />
      </div>
    </li>
  );
}
