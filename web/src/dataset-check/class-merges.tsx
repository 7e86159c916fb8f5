import { useState } from 'preact/hooks';
import {
  addMerge,
  classMergesOf,
  mergedClasses,
  removeMerge,
} from '../../../src/dataset/model/class-merges.js';
import { visibleName } from '../../../src/dataset/model/label-look.js';
import { SERVICE_LIMITS } from '../../../src/dataset/model/service-limits.js';
import { plural } from '../format.js';
import { Field, fullText } from '../parts/field.js';
import { SETTING_LABELS } from '../setting-labels.js';

/** Chooses classes of the dataset that become one. */
export function ClassMerges({
  classes,
  value,
  onChange,
}: {
  /** The classes of the archive; empty if they are unknown. */
  classes: readonly string[];
  /** MERGE_CLASSES. */
  value: string;
  onChange: (value: string) => void;
}) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [name, setName] = useState('');
  const shown = mergedClasses(classes, value);
  const ticked = shown.filter((label) => chosen.has(label));
  const to = visibleName(name);
  const isTaken = shown.includes(to) && !chosen.has(to);
  const isReady = ticked.length > 1 && to !== '' && !isTaken;
  const tick = (label: string, isChosen: boolean) => {
    const changed = new Set(ticked);
    if (isChosen) changed.add(label);
    else changed.delete(label);
    setChosen(changed);
  };
  const merge = () => {
    if (!isReady) return;
    setChosen(new Set());
    setName('');
    onChange(addMerge(value, ticked, to));
  };
  return (
    <fieldset class="merges">
      <legend>{SETTING_LABELS.MERGE_CLASSES}</legend>
      <Merges value={value} onChange={onChange} />
      {classes.length === 0 && <p class="minor">The classes are known once the dataset has been read.</p>}
      {classes.length > 0 && (
        <>
          <div class="choices">
            {shown.map((label) => (
              <label key={label} class="check">
                <input
                  type="checkbox"
                  checked={chosen.has(label)}
                  onChange={({ currentTarget }) => tick(label, currentTarget.checked)}
                />
                <span class="name">{label}</span>
              </label>
            ))}
          </div>
          <div class="merge">
            <Field
              label="Name of the merged class"
              problem={isTaken ? `${to} is another class. Tick it too, or enter another name.` : ''}
              note={fullText(name, SERVICE_LIMITS.labelCharacters)}
              input={(marked) => (
                <input
                  type="text"
                  {...marked}
                  maxLength={SERVICE_LIMITS.labelCharacters}
                  value={name}
                  onInput={({ currentTarget }) => setName(currentTarget.value)}
                  onKeyDown={({ key }) => key === 'Enter' && merge()}
                />
              )}
            />
            <button type="button" disabled={!isReady} onClick={merge}>
              {ticked.length > 1 ? `Merge ${plural(ticked.length, 'class')}` : 'Merge'}
            </button>
            <span class="minor" role="status">
              {missing(ticked.length, to)}
            </span>
          </div>
        </>
      )}
    </fieldset>
  );
}

function missing(ticked: number, name: string): string {
  if (ticked < 2) return 'Tick the classes that become one.';
  return name === '' ? 'Enter a name.' : '';
}

/** The merges that are set, each with a button that removes it. */
function Merges({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const merges = classMergesOf(value);
  if (merges.length === 0) return null;
  return (
    <ul class="plain">
      {merges.map(({ from, to }) => (
        <li key={to}>
          <span class="name">
            {from.join(', ')} → {to}
          </span>{' '}
          <button
            type="button"
            class="quiet"
            aria-label={`Remove the merge to ${to}`}
            onClick={() => onChange(removeMerge(value, to))}
          >
            Remove
          </button>
        </li>
      ))}
    </ul>
  );
}
