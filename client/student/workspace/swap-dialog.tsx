import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { asSunbeonError, type Section, type SunbeonError } from '../../sdk';
import { usePage } from '../page-context';
import { Modal } from '../parts/modal';
import { errorText } from '../text/error-text';
import { sectionCode } from '../text/section-code';
import { MeetingTimes } from './section-facts';
import { type SwapQuestion, useSeats } from './seats-context';

interface ChoiceProps {
  name: string;
  label: string;
  sections: Section[];
  chosen?: string;
  onChoose: (sectionId: string) => void;
}

function Choice({ name, label, sections, chosen, onChoose }: ChoiceProps) {
  return (
    <fieldset class="choice">
      <legend>{label}</legend>
      {sections.map((section) => (
        <label key={section.id} class={section.id === chosen ? 'choice-option choice-chosen' : 'choice-option'}>
          <input
            type="radio"
            name={name}
            value={section.id}
            checked={section.id === chosen}
            onChange={() => onChoose(section.id)}
          />
          <span>
            <strong>{sectionCode(section)}</strong> <span>{section.title}</span>
            <span class="section-meta choice-meta">
              <MeetingTimes meetings={section.meetings} />
            </span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

type Outcome = { given: string; taken: string; error?: SunbeonError };

function SwapOutcome({ outcome: { given, taken, error } }: { outcome: Outcome }) {
  const { client, texts } = usePage();
  if (!error) return <p class="message">{texts.swap.done(given, taken)}</p>;
  return (
    <div class="message message-bad" data-swap="kept">
      <p>
        <strong>{texts.swap.kept(given)}</strong>
      </p>
      <p>
        {texts.swap.notPossible(taken)} {errorText(texts, error, client.clock.now())}
      </p>
    </div>
  );
}

/** Asks the service, and tells what became of both. */
function useSwap() {
  const { client } = usePage();
  const { termId, cart } = useSeats();
  const [working, setWorking] = useState(false);
  const [outcome, setOutcome] = useState<Outcome>();
  const swap = async (give: Section, take: Section) => {
    const names = { given: sectionCode(give), taken: sectionCode(take) };
    setWorking(true);
    setOutcome(undefined);
    try {
      await client.swap(termId, give.id, take.id);
      cart.remove(take.id);
      setOutcome(names);
    } catch (thrown) {
      setOutcome({ ...names, error: asSunbeonError(thrown) });
    }
    setWorking(false);
  };
  return { working, outcome, swap };
}

/** Takes the focus from the button in whose place it comes. */
function CloseButton({ onPress }: { onPress: () => void }) {
  const { texts } = usePage();
  const button = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => button.current?.focus(), []);
  return (
    <button ref={button} type="button" class="button button-wide" onClick={onPress}>
      {texts.common.close}
    </button>
  );
}

/** One class for another in one step; what was asked for already is chosen. */
export function SwapDialog({ question, onClose }: { question: SwapQuestion; onClose: () => void }) {
  const { texts } = usePage();
  const { cart, enrolled, enrolledIds } = useSeats();
  const { working, outcome, swap } = useSwap();
  const wanted = question.take ? [question.take] : cart.sections.filter(({ id }) => !enrolledIds.has(id));
  const [giveId, setGiveId] = useState(question.giveId ?? (enrolled.length === 1 ? enrolled[0]?.id : undefined));
  const [takeId, setTakeId] = useState(wanted.length === 1 ? wanted[0]?.id : undefined);
  const give = enrolled.find(({ id }) => id === giveId);
  const take = wanted.find(({ id }) => id === takeId);
  const done = outcome !== undefined && outcome.error === undefined;
  return (
    <Modal title={texts.swap.title} onClose={onClose}>
      {(close) => (
        <>
          <p>{texts.swap.lead}</p>
          {!done && (
            <Choice name="give" label={texts.swap.give} sections={enrolled} chosen={giveId} onChoose={setGiveId} />
          )}
          {!done && wanted.length > 0 && (
            <Choice name="take" label={texts.swap.take} sections={wanted} chosen={takeId} onChoose={setTakeId} />
          )}
          {!done && wanted.length === 0 && <p class="message">{texts.swap.nothingToTake}</p>}
          <div role="status">{outcome && <SwapOutcome outcome={outcome} />}</div>
          {!done && (
            <button
              type="button"
              class="button button-primary button-wide"
              disabled={!give || !take || working}
              onClick={() => give && take && void swap(give, take)}
            >
              {working ? texts.swap.working : texts.swap.go}
            </button>
          )}
          {done && <CloseButton onPress={() => close()} />}
        </>
      )}
    </Modal>
  );
}
