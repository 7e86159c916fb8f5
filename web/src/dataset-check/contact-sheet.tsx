import { useState } from 'preact/hooks';
import type { ClassSamples } from '../check/messages.js';
import { useBlobAddress } from '../parts/boxed-image.js';

/** More classes are shown on request. */
const SHOWN_CLASSES = 20;

/** A row of objects per class, so that a person sees whether each shows what it is called. */
export function ContactSheet({ samples }: { samples: readonly ClassSamples[] }) {
  const [all, setAll] = useState(false);
  if (samples.length === 0) return null;
  const shown = all ? samples : samples.slice(0, SHOWN_CLASSES);
  return (
    <section aria-labelledby="sheet-title">
      <h2 id="sheet-title">Does each row show what it is called?</h2>
      <p class="minor">
        If the rows show other objects than their names, the classes are mixed up: export again from the
        labelling tool.
      </p>
      <ul class="sheet">
        {shown.map(({ label, crops }) => (
          <li key={label}>
            <span class="name">{label}</span>
            <span class="crops">
              {crops.map((blob, i) => (
                <Crop key={i} blob={blob} alt={`${label}, example ${i + 1}`} />
              ))}
            </span>
          </li>
        ))}
      </ul>
      {shown.length < samples.length && (
        <button type="button" onClick={() => setAll(true)}>
          Show all {samples.length} classes
        </button>
      )}
    </section>
  );
}

function Crop({ blob, alt }: { blob: Blob; alt: string }) {
  const src = useBlobAddress(blob);
  return src === undefined ? <span class="crop" /> : <img class="crop" src={src} alt={alt} />;
}
