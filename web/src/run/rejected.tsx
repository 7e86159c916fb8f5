import { useState } from 'preact/hooks';
import { rawKey } from '../../../src/dataset/model/layout.js';
import { baseName } from '../../../src/lib/base-name.js';
import { api, type RejectedImage } from '../api.js';
import { count, plural } from '../format.js';
import { inPageWords } from '../page-words.js';
import { useLoaded } from './use-loaded.js';

const SHOWN_FIRST = 24;

/** The rejected images with their reasons, and thumbnails if the browser can show the image. */
export function Rejected({ dataset, version }: { dataset: string; version: string }) {
  const rejected = useLoaded<readonly RejectedImage[]>(api.rejected, dataset, version, []);
  const [all, setAll] = useState(false);
  if (rejected.length === 0) return null;
  const shown = all ? rejected : rejected.slice(0, SHOWN_FIRST);
  return (
    <section aria-labelledby="rejected-title">
      <h2 id="rejected-title">{plural(rejected.length, 'image')} rejected</h2>
      <ul class="tiles captioned">
        {shown.map((image) => (
          <li key={image.path}>
            <Thumbnail dataset={dataset} path={image.path} />
            <span class="name">{baseName(image.path)}</span>
            <span class="minor">{inPageWords(image.message)}</span>
          </li>
        ))}
      </ul>
      {shown.length < rejected.length && (
        <button type="button" onClick={() => setAll(true)}>
          Show all {count(rejected.length)}
        </button>
      )}
    </section>
  );
}

function Thumbnail({ dataset, path }: { dataset: string; path: string }) {
  const [broken, setBroken] = useState(false);
  return (
    <span class="boxed cover">
      {broken ? (
        <span class="broken minor">No picture</span>
      ) : (
        <img
          src={api.imageAddress(dataset, rawKey(dataset, path))}
          alt=""
          loading="lazy"
          onError={() => setBroken(true)}
        />
      )}
    </span>
  );
}
