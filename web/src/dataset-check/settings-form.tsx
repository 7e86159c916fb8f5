import { useEffect, useRef, useState } from 'preact/hooks';
import type { DatasetSettings } from '../../../src/dataset/model/settings.js';
import { MAX_TILES } from '../../../src/dataset/model/tiles.js';
import { MAX_PATTERN_LENGTH, patternProblem } from '../../../src/lib/pattern.js';
import type { NumberLimits } from '../parts/number-limits.js';
import { SETTING_LABELS } from '../setting-labels.js';
import { ClassMerges } from './class-merges.js';
import { NumberField } from './number-field.js';
import { TypedField } from './typed-field.js';

type NumberSetting =
  | 'minClassImages'
  | 'perClassCap'
  | 'minBoxPx'
  | 'valSplit'
  | 'imageMaxSide'
  | 'tiles'
  | 'maxRejectedRatio';

const NUMBERS: readonly (NumberLimits & { name: NumberSetting; label: string })[] = [
  { name: 'minClassImages', label: SETTING_LABELS.MIN_CLASS_IMAGES, min: 1, step: 1 },
  { name: 'perClassCap', label: SETTING_LABELS.PER_CLASS_CAP, min: 1, step: 1 },
  { name: 'minBoxPx', label: SETTING_LABELS.MIN_BOX_PX, min: 1, step: 1 },
  { name: 'valSplit', label: SETTING_LABELS.VAL_SPLIT, min: 0.01, max: 0.9, step: 0.01 },
  { name: 'imageMaxSide', label: SETTING_LABELS.IMAGE_MAX_SIDE, min: 64, max: 4096, step: 1 },
  { name: 'tiles', label: SETTING_LABELS.TILES, min: 1, max: MAX_TILES, step: 1 },
  { name: 'maxRejectedRatio', label: SETTING_LABELS.MAX_REJECTED_RATIO, min: 0, max: 1, step: 0.01 },
];

const CHOICES = [
  { name: 'split', label: SETTING_LABELS.SPLIT, values: ['curator', 'export'] },
  { name: 'stretchContrast', label: SETTING_LABELS.STRETCH_CONTRAST, values: ['off', 'auto'] },
  { name: 'exifBoxes', label: SETTING_LABELS.EXIF_BOXES, values: ['auto', 'turned', 'stored'] },
] as const;

/** Time to finish typing a number before the dataset is checked again. */
const SETTLE_MS = 350;

/** The settings that most often decide whether a dataset is fit. After a change the caller decides what to do. */
export function SettingsForm({
  settings,
  classes,
  onChange,
  onValidity,
  settleMs = SETTLE_MS,
}: {
  settings: DatasetSettings;
  /** The classes of the archive, before they are merged; empty if they are unknown. */
  classes: readonly string[];
  onChange: (settings: DatasetSettings) => void;
  /** Called with whether all fields have values that are accepted; those that are not are never reported as settings. */
  onValidity: (isValid: boolean) => void;
  /** Milliseconds until a change is reported; 0 reports it at once. */
  settleMs?: number;
}) {
  const [draft, setDraft] = useState(settings);
  const settling = useRef<ReturnType<typeof setTimeout>>(undefined);
  // A button of a finding may have changed them.
  useEffect(() => {
    clearTimeout(settling.current);
    setDraft(settings);
  }, [settings]);
  useEffect(() => () => clearTimeout(settling.current), []);
  const form = useRef<HTMLFormElement>(null);
  const checkForm = () => onValidity(form.current?.querySelector(':invalid') == null);
  // A button of a finding may have replaced an invalid value.
  useEffect(checkForm, [settings]);
  const edit = (changed: DatasetSettings) => {
    setDraft(changed);
    clearTimeout(settling.current);
    if (JSON.stringify(changed) === JSON.stringify(settings)) return;
    if (settleMs === 0) onChange(changed);
    else settling.current = setTimeout(() => onChange(changed), settleMs);
  };
  const minimumOf = (name: NumberSetting, min: number) =>
    name === 'perClassCap' ? draft.minClassImages : min;
  return (
    <form ref={form} class="settings" onInput={checkForm} onSubmit={(event) => event.preventDefault()}>
      <label class="check">
        <input
          type="checkbox"
          checked={draft.enableBalance}
          onChange={({ currentTarget }) => edit({ ...draft, enableBalance: currentTarget.checked })}
        />
        {SETTING_LABELS.ENABLE_BALANCE}: drop rare classes, limit frequent ones
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={draft.keepCrowd}
          onChange={({ currentTarget }) => edit({ ...draft, keepCrowd: currentTarget.checked })}
        />
        {SETTING_LABELS.KEEP_CROWD}: keep them
      </label>
      {NUMBERS.map(({ name, label, ...limits }) => (
        <NumberField
          key={name}
          label={label}
          limits={{ ...limits, min: minimumOf(name, limits.min) }}
          value={draft[name]}
          disabled={!draft.enableBalance && (name === 'minClassImages' || name === 'perClassCap')}
          onChange={(value) => edit(withNumber(draft, name, value))}
        />
      ))}
      {CHOICES.map(({ name, label, values }) => (
        <label key={name}>
          {label}
          <select
            value={draft[name]}
            onChange={({ currentTarget }) => edit({ ...draft, [name]: currentTarget.value })}
          >
            {values.map((value) => (
              <option key={value}>{value}</option>
            ))}
          </select>
        </label>
      ))}
      <TypedField
        label={`${SETTING_LABELS.GROUP_BY} (expression on the path)`}
        value={draft.groupBy}
        attributes={{
          type: 'text',
          maxLength: MAX_PATTERN_LENGTH,
          placeholder: String.raw`^[^/]+/(patient\d+)_`,
        }}
        problemOf={({ value }) => {
          const problem = value === '' ? undefined : patternProblem(value);
          return problem === undefined ? '' : `The expression ${problem}.`;
        }}
        onChange={(groupBy) => edit({ ...draft, groupBy })}
      />
      <ClassMerges
        classes={classes}
        value={draft.mergeClasses}
        onChange={(mergeClasses) => edit({ ...draft, mergeClasses })}
      />
    </form>
  );
}

/** Raises the maximum per class to the minimum per class if it would be below. */
function withNumber(settings: DatasetSettings, name: NumberSetting, value: number): DatasetSettings {
  const changed = { ...settings, [name]: value };
  return { ...changed, perClassCap: Math.max(changed.perClassCap, changed.minClassImages) };
}
