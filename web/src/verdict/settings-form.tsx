import { useEffect, useState } from 'preact/hooks';
import type { DatasetSettings } from '../../../src/dataset/model/settings.js';
import { MAX_PATTERN_LENGTH, patternProblem } from '../../../src/lib/pattern.js';

type NumberSetting = 'minClassImages' | 'perClassCap' | 'minBoxPx' | 'valSplit';

const NUMBERS: readonly { name: NumberSetting; label: string; min: number; max?: number; step: number }[] = [
  { name: 'minClassImages', label: 'Images a class needs', min: 1, step: 1 },
  { name: 'perClassCap', label: 'Images a class, at most', min: 1, step: 1 },
  { name: 'minBoxPx', label: 'Shortest side of a box, in pixels', min: 1, step: 1 },
  { name: 'valSplit', label: 'Share of images for validation', min: 0.01, max: 0.9, step: 0.01 },
];

/** Long enough to type a number, short enough to feel live. */
const SETTLE_MS = 350;

/** The settings that a verdict most often turns on; a change is judged at once, on the images that were read. */
export function SettingsForm({
  settings,
  onChange,
}: {
  settings: DatasetSettings;
  onChange: (settings: DatasetSettings) => void;
}) {
  const [draft, setDraft] = useState(settings);
  useEffect(() => {
    if (draft === settings || JSON.stringify(draft) === JSON.stringify(settings)) return undefined;
    const settle = setTimeout(() => onChange(draft), SETTLE_MS);
    return () => clearTimeout(settle);
  }, [draft, settings, onChange]);
  const least = (name: NumberSetting, min: number) => (name === 'perClassCap' ? draft.minClassImages : min);
  return (
    <form class="settings" onSubmit={(event) => event.preventDefault()}>
      <label class="check">
        <input
          type="checkbox"
          checked={draft.enableBalance}
          onChange={({ currentTarget }) => setDraft({ ...draft, enableBalance: currentTarget.checked })}
        />
        Drop rare classes and cap frequent ones
      </label>
      {NUMBERS.map(({ name, label, min, max, step }) => (
        <label key={name}>
          {label}
          <input
            type="number"
            required
            min={least(name, min)}
            {...(max === undefined ? {} : { max })}
            step={step}
            value={draft[name]}
            disabled={!draft.enableBalance && (name === 'minClassImages' || name === 'perClassCap')}
            onInput={({ currentTarget }) => {
              if (currentTarget.validity.valid)
                setDraft(withNumber(draft, name, currentTarget.valueAsNumber));
            }}
          />
        </label>
      ))}
      <label>
        Keep together (expression on the path)
        <input
          type="text"
          maxLength={MAX_PATTERN_LENGTH}
          placeholder="^[^/]+/(patient\d+)_"
          value={draft.groupBy}
          onInput={({ currentTarget: input }) => {
            const problem = input.value === '' ? undefined : patternProblem(input.value);
            input.setCustomValidity(problem === undefined ? '' : `The expression ${problem}.`);
            if (problem === undefined) setDraft({ ...draft, groupBy: input.value });
          }}
        />
      </label>
    </form>
  );
}

/** The cap never lies below what a class needs. */
function withNumber(settings: DatasetSettings, name: NumberSetting, value: number): DatasetSettings {
  const changed = { ...settings, [name]: value };
  return { ...changed, perClassCap: Math.max(changed.perClassCap, changed.minClassImages) };
}
