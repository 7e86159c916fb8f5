import { count } from '../format.js';

/** A button that says how many items of a list are not shown yet; nothing if all are. */
export function ShowMore({ hidden, onMore }: { hidden: number; onMore: () => void }) {
  if (hidden <= 0) return null;
  return (
    <button type="button" onClick={onMore}>
      Show more ({count(hidden)})
    </button>
  );
}
