import type { InsidePlace } from '../../sdk';
import { usePage, useSecondsLeft } from '../page-context';
import { ViewHeading } from '../parts/heading';
import { LeaveButton } from '../parts/leave-button';
import { useSeats } from './seats-context';
import { TimeLeft } from './time-left';

function FinishButton() {
  const words = usePage().texts.inside;
  const { cart } = useSeats();
  const inCart = cart.sections.length;
  const warning = inCart > 0 ? `${words.finishCart(inCart)} ` : '';
  const question = {
    title: words.finishTitle,
    text: warning + words.finishText,
    stay: words.finishStay,
    go: words.finish,
  };
  return (
    <LeaveButton class="button button-small" question={question}>
      {words.finish}
    </LeaveButton>
  );
}

/** From here on the bar itself says that the end is near. */
const LOW_SECONDS = 60;

interface InsideBarProps {
  place: InsidePlace;
  /** The student was at work here already when the turn came. */
  wasHere: boolean;
}

/** Once inside: the time that is left, and the way out. */
export function InsideBar({ place, wasHere }: InsideBarProps) {
  const { texts } = usePage();
  const isLow = useSecondsLeft(place.expiresAt ?? Infinity) <= LOW_SECONDS;
  return (
    <div class="bar bar-inside" data-low={isLow}>
      <div class="bar-words">
        <ViewHeading quiet={wasHere}>{texts.inside.title}</ViewHeading>
        <p>{place.expiresAt === undefined ? texts.inside.preparing : texts.inside.lead}</p>
      </div>
      {place.expiresAt !== undefined && <TimeLeft expiresAt={place.expiresAt} />}
      <FinishButton />
    </div>
  );
}
