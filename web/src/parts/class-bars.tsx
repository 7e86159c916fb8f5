import { useState } from 'preact/hooks';
import type { LabelCounts } from '../../../src/contracts/workflow-io.js';
import { count, plural, share } from '../format.js';
import { colourOf } from './colours.js';

/** More classes are shown on request. */
const SHOWN_CLASSES = 24;

/** Training and validation images per class, then the dropped classes with the minimum that they miss. */
export function ClassBars({
  labels,
  dropped,
  minClassImages,
}: {
  labels: readonly LabelCounts[];
  dropped: readonly { readonly label: string; readonly images: number }[];
  minClassImages?: number | undefined;
}) {
  const [all, setAll] = useState(false);
  if (labels.length + dropped.length === 0) return null;
  const names = labels.map(({ label }) => label);
  const most = Math.max(
    ...labels.map(({ train, val }) => train.images + val.images),
    ...dropped.map(({ images }) => images),
    // The minimum is part of the scale, so that the bar of a dropped class is shorter.
    ...(dropped.length > 0 && minClassImages !== undefined ? [minClassImages] : []),
  );
  return (
    <section aria-labelledby="classes-title">
      <h2 id="classes-title">Classes</h2>
      <table class="bars">
        <caption class="hidden">Images and boxes per class</caption>
        <thead class="hidden">
          <tr>
            <th scope="col">Class</th>
            <th scope="col">Share</th>
            <th scope="col">Images</th>
            <th scope="col">Boxes</th>
          </tr>
        </thead>
        <tbody>
          {(all ? labels : labels.slice(0, SHOWN_CLASSES)).map(({ label, train, val }) => (
            <tr key={label}>
              <th scope="row">
                <span class="key" style={{ color: colourOf(label, names) }} aria-hidden="true" />
                <span class="name">{label}</span>
              </th>
              <td class="bar">
                <span class="stack" aria-hidden="true">
                  <span class="train" style={{ width: `${share(train.images, most)}%` }} />
                  <span class="val" style={{ width: `${share(val.images, most)}%` }} />
                </span>
              </td>
              <td>
                {count(train.images)} train, {count(val.images)} val
              </td>
              <td class="minor">{plural(train.boxes + val.boxes, 'box')}</td>
            </tr>
          ))}
          {dropped.map(({ label, images }) => (
            <tr key={label} class="dropped">
              <th scope="row">
                <span class="key" aria-hidden="true" />
                <span class="name">{label}</span>
              </th>
              <td class="bar">
                <span class="stack" aria-hidden="true">
                  <span class="left" style={{ width: `${share(images, most)}%` }} />
                </span>
              </td>
              <td colSpan={2}>
                dropped: {plural(images, 'image')}
                {minClassImages === undefined ? '' : `, minimum ${count(minClassImages)}`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {!all && labels.length > SHOWN_CLASSES && (
        <button type="button" onClick={() => setAll(true)}>
          Show all {count(labels.length)} classes
        </button>
      )}
    </section>
  );
}
