import { useRef, useState } from 'preact/hooks';
import type { CheckProgress } from '../../../src/check/examine.js';
import { unmergedClasses } from '../../../src/dataset/model/class-merges.js';
import type { DatasetSettings } from '../../../src/dataset/model/settings.js';
import { byCodePoint } from '../../../src/lib/order.js';
import type {
  CheckedCases,
  ClassSamples,
  ShownCheck,
  ShownPicture,
  ShownRejection,
} from '../check/messages.js';
import { count, plural } from '../format.js';
import { inPageWords } from '../page-words.js';
import { BoxedImage, useBlobAddress, useBlobAddresses } from '../parts/boxed-image.js';
import type { ShownCases } from '../parts/case-pictures.js';
import { ClassBars } from '../parts/class-bars.js';
import { Findings } from '../parts/findings.js';
import { Usage } from '../parts/usage.js';
import { ContactSheet } from './contact-sheet.js';
import { ReadingBar } from './reading.js';
import { RemedyButtons } from './remedy-buttons.js';
import { SettingsForm } from './settings-form.js';

type Status = 'fit' | 'warned' | 'unfit';

function statusOf({ result }: ShownCheck): Status {
  if (!result.fit) return 'unfit';
  return result.quality === 'unreliable' ? 'warned' : 'fit';
}

function headline({ result }: ShownCheck): string {
  const warnings = result.findings.filter(({ severity }) => severity === 'warning').length;
  if (!result.fit) return 'Not fit for training';
  if (result.quality === 'unreliable') return 'Fit for training, with unreliable scores';
  return warnings > 0 ? `Fit for training, with ${plural(warnings, 'warning')}` : 'Fit for training';
}

/** The result of a dataset check before the upload: status, counts, classes, settings, pictures and findings. */
export function DatasetCheck({
  file,
  shown,
  wanted,
  samples,
  cases,
  again,
  onSettings,
  onValidity,
}: {
  file: File;
  shown: ShownCheck;
  /** The newest settings that were asked for. */
  wanted: DatasetSettings;
  samples: readonly ClassSamples[] | undefined;
  cases: CheckedCases | undefined;
  again: CheckProgress | null;
  /** Undefined while the upload runs, when settings cannot be changed. */
  onSettings: ((settings: DatasetSettings) => void) | undefined;
  /** Called with whether all settings that were typed are accepted. */
  onValidity: (isValid: boolean) => void;
}) {
  const { result, settings, pictures, rejected, unseen } = shown;
  const labels = result.labels.map(({ label }) => label);
  const casePictures = useCasePictures(cases, labels, result.fit);
  const title = useRef<HTMLHeadingElement>(null);
  const apply =
    onSettings &&
    ((changed: DatasetSettings) => {
      // The button goes away with its finding, and keyboards continue from the heading that tells the new result.
      title.current?.focus({ preventScroll: true });
      onSettings(changed);
    });
  return (
    <div class="dataset-check" aria-busy={again !== null}>
      <section class={`headline ${statusOf(shown)}`} aria-labelledby="check-title">
        <p class="filename">{file.name}</p>
        <h1 id="check-title" ref={title} tabIndex={-1}>
          {headline(shown)}
        </h1>
        {result.quality !== 'good' && <p>{inPageWords(result.message)}</p>}
        <RemedyButtons message={result.message} settings={settings} onApply={apply} />
        {again?.stage === 'preprocessing' && <ReadingBar progress={again} detail="" />}
        {unseen > 0 && (
          <p class="minor">
            Browsers cannot decode {plural(unseen, 'TIFF image')}: they count as readable here. Copies and low
            contrast among them are not found.
          </p>
        )}
      </section>
      {result.images && <Usage images={result.images} groups={result.groups} />}
      <ClassBars
        labels={result.labels}
        dropped={result.droppedClasses}
        minClassImages={settings.minClassImages}
      />
      {onSettings && (
        <details class="fold">
          <summary>Settings</summary>
          <SettingsForm
            settings={wanted}
            classes={classesOf(shown)}
            onChange={onSettings}
            onValidity={onValidity}
          />
        </details>
      )}
      <ContactSheet samples={samples ?? []} />
      <Pictures pictures={pictures} labels={labels} />
      {/* The finding with the message of the headline is not repeated. */}
      <Findings
        findings={result.findings.filter(({ message }) => result.fit || message !== result.message)}
        pictures={casePictures}
        actionOf={({ message }) => <RemedyButtons message={message} settings={settings} onApply={apply} />}
      />
      {result.findings.some(({ message }) => /\bthe report\b/.test(message)) && (
        <p class="minor">The run writes the report after the upload. The page of the dataset links it.</p>
      )}
      <Rejections rejected={rejected} total={result.images?.rejected ?? rejected.length} />
    </div>
  );
}

/** The classes of the archive, those that were dropped included. */
function classesOf({ result: { labels, droppedClasses }, settings }: ShownCheck): string[] {
  const found = [...labels, ...droppedClasses].map(({ label }) => label);
  return unmergedClasses(found, settings.mergeClasses);
}

function useCasePictures(
  cases: CheckedCases | undefined,
  labels: readonly string[],
  isSplit: boolean,
): ShownCases | undefined {
  const addresses = useBlobAddresses(cases?.files);
  return cases && { cases: cases.cases, labels, isSplit, srcOf: ({ path }) => addresses.get(path) };
}

function Pictures({ pictures, labels }: { pictures: readonly ShownPicture[]; labels: readonly string[] }) {
  const [large, setLarge] = useState<string>();
  if (pictures.length === 0) return null;
  const shown = labels.length > 0 ? labels : labelsOn(pictures);
  return (
    <section aria-labelledby="pictures-title">
      <h2 id="pictures-title">{pictures.length} of the images, with their boxes</h2>
      <ul class="tiles">
        {pictures.map((picture) => (
          <li key={picture.path} class={large === picture.path ? 'large' : ''}>
            <button
              type="button"
              aria-pressed={large === picture.path}
              onClick={() => setLarge(large === picture.path ? undefined : picture.path)}
            >
              <Picture picture={picture} labels={shown} large={large === picture.path} />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function labelsOn(pictures: readonly ShownPicture[]): string[] {
  return [...new Set(pictures.flatMap(({ boxes }) => boxes.map(({ label }) => label)))].sort(byCodePoint);
}

function Picture({
  picture,
  labels,
  large,
}: {
  picture: ShownPicture;
  labels: readonly string[];
  large: boolean;
}) {
  const src = useBlobAddress(picture.blob);
  if (src === undefined) return <span class="boxed cover" />;
  return <BoxedImage image={picture} src={src} labels={labels} fit={large ? 'contain' : 'cover'} />;
}

function Rejections({ rejected, total }: { rejected: readonly ShownRejection[]; total: number }) {
  if (rejected.length === 0) return null;
  return (
    <details class="fold">
      <summary>{plural(total, 'rejected image')}</summary>
      <ul class="plain">
        {rejected.map(({ path, message }) => (
          <li key={path}>
            <span class="filename">{path}</span> {inPageWords(message)}
          </li>
        ))}
      </ul>
      {total > rejected.length && <p class="minor">and {count(total - rejected.length)} more</p>}
    </details>
  );
}
