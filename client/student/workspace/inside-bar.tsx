import { useState } from 'preact/hooks';
import { asSunbeonError, type InsidePlace } from '../../sdk';
import { usePage } from '../page-context';
import { ConfirmDialog } from '../parts/confirm-dialog';
import { ViewHeading } from '../parts/heading';
import { errorText } from '../text/error-text';
import { useSeats } from './seats-context';
import { TimeLeft } from './time-left';

function FinishButton() {
  const { client, texts } = usePage();
  const { cart } = useSeats();
  const [asking, setAsking] = useState(false);
  const [problem, setProblem] = useState('');
  const inCart = cart.sections.length;
  const finish = () => {
    setAsking(false);
    client.leave().catch((error: unknown) => setProblem(errorText(texts, asSunbeonError(error), client.clock.now())));
  };
  const warning = inCart > 0 ? `${texts.inside.finishCart(inCart)} ` : '';
  return (
    <>
      <button type="button" class="button button-small" onClick={() => setAsking(true)}>
        {texts.inside.finish}
      </button>
      {problem && (
        <p class="message message-bad" role="alert">
          {problem}
        </p>
      )}
      {asking && (
        <ConfirmDialog
          title={texts.inside.finishTitle}
          text={warning + texts.inside.finishText}
          stay={texts.inside.finishStay}
          go={texts.inside.finish}
          onStay={() => setAsking(false)}
          onGo={finish}
        />
      )}
    </>
  );
}

interface InsideBarProps {
  place: InsidePlace;
  /** The student was at work here already when the turn came. */
  wasHere: boolean;
}

/** Once inside: the time that is left, and the way out. */
export function InsideBar({ place, wasHere }: InsideBarProps) {
  const { texts } = usePage();
  return (
    <div class="bar bar-inside">
      <div class="bar-words">
        <ViewHeading quiet={wasHere}>{texts.inside.title}</ViewHeading>
        <p>{place.expiresAt === undefined ? texts.inside.preparing : texts.inside.lead}</p>
      </div>
      {place.expiresAt !== undefined && <TimeLeft expiresAt={place.expiresAt} />}
      <FinishButton />
    </div>
  );
}
