import type { DatasetSettings } from '../../../src/dataset/model/settings.js';
import { remediesOf } from './remedies.js';

/** A button for each change of settings that the message advises. It applies the change and checks the dataset again. */
export function RemedyButtons({
  message,
  settings,
  onApply,
}: {
  message: string;
  settings: DatasetSettings;
  /** Undefined while settings cannot be changed. */
  onApply: ((settings: DatasetSettings) => void) | undefined;
}) {
  const remedies = onApply ? remediesOf(message, settings) : [];
  if (remedies.length === 0) return null;
  return (
    <div class="remedies">
      {remedies.map((remedy) => (
        <button key={remedy.text} type="button" onClick={() => onApply?.(remedy.settings)}>
          {remedy.text}
        </button>
      ))}
    </div>
  );
}
