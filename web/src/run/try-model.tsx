import { useRef, useState } from 'preact/hooks';
import { api, type Detection } from '../api.js';
import { plural } from '../format.js';
import type { Boxed } from '../parts/boxed.js';
import { BoxedImage, useBlobAddress } from '../parts/boxed-image.js';
import { Field } from '../parts/field.js';
import { numberProblem } from '../parts/number-limits.js';
import { Problem } from '../parts/problem.js';

/** Percent. Numbers between whole ones are accepted. */
const CONFIDENCE = { min: 0, max: 100, step: 0 };

/** Detects objects on a photo with the latest model; if the model does not run, the endpoint's message says what to do. */
export function TryModel({
  dataset,
  labels,
  newest,
  own,
}: {
  dataset: string;
  labels: readonly string[];
  /** The latest model version, which is used. */
  newest: string;
  /** The model version of this run. */
  own: string | undefined;
}) {
  const [photo, setPhoto] = useState<File>();
  const [found, setFound] = useState<Detection>();
  const [problem, setProblem] = useState('');
  const src = useBlobAddress(photo);
  const [confidence, setConfidence] = useState<number>();
  const [invalid, setInvalid] = useState('');
  const requests = useRef(0);
  const detect = (file: File, minConfidence: number | undefined) => {
    requests.current += 1;
    const request = requests.current;
    setPhoto(file);
    setFound(undefined);
    setProblem('');
    // Only the latest request counts, whichever is answered last.
    const ifLatest =
      <T,>(show: (value: T) => void) =>
      (value: T) => {
        if (request === requests.current) show(value);
      };
    api.detect(dataset, file, minConfidence).then(
      ifLatest(setFound),
      ifLatest((error: Error) => setProblem(error.message)),
    );
  };
  return (
    <section class="try-model" aria-labelledby="try-title">
      <h2 id="try-title">Try the model</h2>
      <p class="minor">
        Model version <code>{newest}</code>
        {newest !== own && ', trained by an earlier run'}.
      </p>
      <label>
        Photo that is not in the dataset
        <input
          type="file"
          accept="image/jpeg,image/png,image/webp"
          onChange={({ currentTarget }) => {
            const file = currentTarget.files?.[0];
            if (file) detect(file, confidence);
          }}
        />
      </label>
      <Field
        label="Minimum confidence (%)"
        problem={invalid}
        input={(marked) => (
          <input
            type="number"
            {...CONFIDENCE}
            step="any"
            {...marked}
            placeholder="the model's own"
            onChange={({ currentTarget }) => {
              const found = numberProblem(currentTarget, CONFIDENCE);
              setInvalid(found);
              if (found !== '') return;
              const { valueAsNumber } = currentTarget;
              const chosen = Number.isNaN(valueAsNumber) ? undefined : valueAsNumber;
              setConfidence(chosen);
              if (photo) detect(photo, chosen);
            }}
          />
        )}
      />
      <p class="minor" role="status">
        {photo && !found && problem === '' && 'Detecting … The model may have to start first.'}
        {found && `${plural(found.labels.length, 'box')} found by ${found.modelVersion}`}
      </p>
      <Problem text={problem} />
      {photo && found && src && (
        <div class="whole" style={{ '--ratio': `${found.width / found.height}` }}>
          <BoxedImage image={boxedOf(photo.name, found)} src={src} labels={labels} fit="contain" />
        </div>
      )}
      {found && found.labels.length > 0 && (
        <ul class="plain">
          {found.labels.map(({ label, confidence }, i) => (
            <li key={`${label}-${i}`}>
              <span class="name">{label}</span> {confidence.toFixed(1)} %
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function boxedOf(path: string, { width, height, labels }: Detection): Boxed {
  const boxes = labels.map(({ label, box }) => ({
    label,
    left: box.left * width,
    top: box.top * height,
    width: box.width * width,
    height: box.height * height,
  }));
  return { path, width, height, boxes };
}
