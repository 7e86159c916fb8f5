import type { ReportData } from './data.js';
import type { ReportFacts, ShownImage } from './facts.js';
import { type Html, html } from './html.js';
import { describeBoxes, figure, type Pictures } from './pictures.js';

/** A contact sheet of each class. */
export function samples({ facts, curation }: ReportData, pictures: Pictures): Html | null {
  if (!facts || facts.samples.length === 0) return null;
  const sheets = facts.samples.map(({ label, images }) => {
    const shown = images.map((image) =>
      figure(image, pictures, caption(image, curation !== null), `${label}: ${alt(image)}`),
    );
    return html`<h3>${label}</h3><div class="grid">${shown}</div>
`;
  });
  return html`<h2 id="samples">Samples of each class</h2>
<p class="soft">Chosen by the seed, one of a photo. Small boxes are shown enlarged, with their surroundings.</p>
<p class="legend"><span class="k-own">the class</span> <span class="k-other">other classes</span></p>
${sheets}`;
}

/** Pictures that are copies of each other, side by side. */
export function copies({ facts, curation }: ReportData, pictures: Pictures): Html | null {
  if (!facts || facts.copies.groups === 0) return null;
  const { groups, images, leaks, pairs } = facts.copies;
  const shown = pairs.map(
    (pair) =>
      html`<div class="pair">${isLabelledAlike(pair) ? null : html`<span class="tag">labelled differently</span>`}${pair.map((image) => figure(image, pictures, caption(image, curation !== null), `copy: ${alt(image)}`))}</div>`,
  );
  return html`<h2 id="copies">Copies</h2>
<p>${images} images are copies of ${groups} photos: the same bytes, the same picture turned or mirrored, or augmented. The split keeps the copies of a photo on one side, so that val shows nothing that train has seen.</p>
${leaks && leaks.leaked > 0 ? html`<p><strong>The export's own split leaks:</strong> ${leaks.leaked} of its ${leaks.of} validation and test images are copies of images in its train split. Scores measured on them are inflated.</p>` : null}
<div class="pairs">${shown}</div>`;
}

/** How boxes were read where EXIF turns images; those that can't be told in both readings. */
export function exifReadings({ facts, settings }: ReportData, pictures: Pictures): Html | null {
  if (!facts || facts.exif.files.length === 0) return null;
  const { files, undecidable } = facts.exif;
  const rows = files.map(
    ({ cocoFile, turned, stored, undecidable: untold, reading }) =>
      html`<tr><th scope="row" class="path">${cocoFile}</th><td class="n">${turned}</td><td class="n">${stored}</td><td class="n">${untold}</td><td>${untold > 0 ? reading : null}</td></tr>`,
  );
  const pairs = undecidable.map(({ orientation, reading, ...readings }) => {
    const shown = (['turned', 'stored'] as const).map((name) =>
      figure(
        readings[name],
        pictures,
        html`<strong>${name}${name === reading ? ', as taken' : null}</strong>`,
        `boxes read as ${name}: ${alt(readings[name])}`,
      ),
    );
    return html`<div class="pair"><p class="whole soft">EXIF orientation ${orientation} <span class="path">${readings.turned.path}</span></p>${shown}</div>`;
  });
  return html`<h2 id="exif">Images that EXIF turns</h2>
<p>Boxes may mean the picture as people see it (turned) or as the file stores it. An image that isn't square tells by its COCO width and height; the others follow the majority of their COCO file (EXIF_BOXES=${settings.exifBoxes}).</p>
<div class="scroll"><table><thead><tr><th scope="col">COCO file</th><th scope="col" class="n">turned</th><th scope="col" class="n">stored</th><th scope="col" class="n">can't be told</th><th scope="col">read as</th></tr></thead><tbody>${rows}</tbody></table></div>
${pairs.length > 0 ? html`<p>Look where the boxes lie right. If that isn't the reading taken, set EXIF_BOXES.</p><div class="pairs">${pairs}</div>` : null}`;
}

/** Boxes and images that were left out, as pictures. */
export function leftOut({ facts, settings }: ReportData, pictures: Pictures): Html | null {
  if (!facts) return null;
  const gallery = (title: string, images: readonly ShownImage[], note: string) =>
    images.length === 0
      ? null
      : html`<h3>${title}</h3><p class="soft">${note}</p><div class="grid">${images.map((image) => figure(image, pictures, lossCaption(image), lossAlt(image)))}</div>
`;
  const { tooSmall, cut, neverAnnotated } = facts;
  if (tooSmall.length + cut.length + neverAnnotated.length === 0) return null;
  return html`<h2 id="left-out">Left out, as pictures</h2>
<p class="legend"><span class="k-dropped">left out</span> <span class="k-own">kept</span></p>
${gallery('Boxes that are too small', tooSmall, `Under MIN_BOX_PX=${settings.minBoxPx} in the preprocessed image; those that lost most first.`)}${gallery('Boxes that became background', cut, `Over MAX_BOX_PER_IMAGE=${settings.maxBoxPerImage}, or of a dropped class: the trainer takes what they show for background.`)}${gallery('Never annotated', neverAnnotated, 'The service ignores images without a box.')}`;
}

/** Images that can't be used, each with its reason, some as pictures. */
export function rejections({ facts }: ReportData, pictures: Pictures): Html | null {
  if (!facts || facts.images.rejected === 0) return null;
  return html`<h2 id="rejected">Rejected images</h2>
<div class="scroll"><table><caption>${countOf(facts)}</caption>
<thead><tr><th scope="col" class="thumb">picture</th><th scope="col">file</th><th scope="col">why</th></tr></thead><tbody>${facts.rejected.map((one) => rejectionRow(one, pictures))}</tbody></table></div>`;
}

function countOf({ rejected, images }: ReportFacts): string {
  return rejected.length < images.rejected
    ? `The first ${rejected.length} of ${images.rejected}, by path.`
    : `All ${images.rejected}, by path.`;
}

function rejectionRow(
  { path, cocoFile, record, reason, message, image }: ReportFacts['rejected'][number],
  pictures: Pictures,
): Html {
  const picture = image && pictures.has(image) ? figure(image, pictures, html``, `rejected: ${path}`) : null;
  return html`<tr><td class="thumb">${picture}</td><td><span class="path">${path}</span><br><span class="soft">${cocoFile}, ${record}</span></td><td><code>${reason}</code><br>${message}</td></tr>
`;
}

function caption({ path, split, boxes }: ShownImage, curated: boolean): Html {
  const place = curated ? html`<strong>${split ?? 'not used'}</strong> ` : null;
  return html`${place}${describeBoxes(boxes)}<span class="path" title="${path}">${path}</span>`;
}

function isLabelledAlike([one, other]: readonly [ShownImage, ShownImage]): boolean {
  const [own, others] = [labelSet(one), labelSet(other)];
  return own.size === others.size && [...own].every((label) => others.has(label));
}

const labelSet = ({ boxes }: ShownImage) => new Set(boxes.map(({ label }) => label));

function alt({ path, boxes }: ShownImage): string {
  return boxes.length === 0 ? path : `${path} with ${describeBoxes(boxes)}`;
}

function lossCaption({ path, boxes }: ShownImage): Html {
  const lost = describeBoxes(boxes.filter(({ role }) => role === 'dropped'));
  return html`${lost === '' ? null : `left out: ${lost}`}<span class="path" title="${path}">${path}</span>`;
}

function lossAlt({ path, boxes }: ShownImage): string {
  const lost = describeBoxes(boxes.filter(({ role }) => role === 'dropped'));
  return lost === '' ? path : `${path}, left out: ${lost}`;
}
