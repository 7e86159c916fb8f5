import type { LabelCounts } from '../../../src/contracts/workflow-io.js';
import { count, share } from '../format.js';
import { colourOf } from './colours.js';

/** Images a class, train and val; classes that were dropped stand below with what they would need. */
export function ClassBars({
  labels,
  dropped,
  minClassImages,
}: {
  labels: readonly LabelCounts[];
  dropped: readonly { readonly label: string; readonly images: number }[];
  minClassImages?: number | undefined;
}) {
  if (labels.length + dropped.length === 0) return null;
  const names = labels.map(({ label }) => label);
  const most = Math.max(
    ...labels.map(({ train, val }) => train.images + val.images),
    ...dropped.map(({ images }) => images),
    // A bar that falls short of what is needed must look so.
    ...(dropped.length > 0 && minClassImages !== undefined ? [minClassImages] : []),
  );
  return (
    <section aria-labelledby="classes-title">
      <h2 id="classes-title">Classes</h2>
      <table class="bars">
        <caption class="hidden">Images and boxes of each class</caption>
        <thead class="hidden">
          <tr>
            <th scope="col">Class</th>
            <th scope="col">Share</th>
            <th scope="col">Images</th>
            <th scope="col">Boxes</th>
          </tr>
        </thead>
        <tbody>
          {labels.map(({ label, train, val }) => (
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
              <td class="minor">{count(train.boxes + val.boxes)} boxes</td>
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
                dropped: {count(images)}
                {minClassImages === undefined ? '' : ` of the ${count(minClassImages)} needed`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
