import { agreeing, plural, pluralNoun } from '../lib/plural.js';
import type { ReportData } from './data.js';
import type { ReportFacts, ShownImage } from './facts.js';
import { type Html, html } from './html.js';
import { describeBoxes, figure, type Pictures } from './pictures.js';

/** The section with sample images of each class. */
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
<p class="soft">Chosen by SEED, one image per photo. Small boxes are enlarged and shown with their surroundings.</p>
<p class="legend"><span class="k-own">this class</span> <span class="k-other">other classes</span></p>
${sheets}`;
}

/** The section on copies: pairs of images side by side. */
export function copies({ facts, curation }: ReportData, pictures: Pictures): Html | null {
  if (!facts || facts.copies.groups === 0) return null;
  const { groups, images, leaks, pairs } = facts.copies;
  const shown = pairs.map(
    (pair) =>
      html`<div class="pair">${isLabelledAlike(pair) ? null : html`<span class="tag">labelled differently</span>`}${pair.map((image) => figure(image, pictures, caption(image, curation !== null), `copy: ${alt(image)}`))}</div>`,
  );
  return html`<h2 id="copies">Copies</h2>
<p>${images} images are copies of ${plural(groups, 'photo')}: identical files, or the same picture rotated, mirrored or augmented. SPLIT=curator keeps all copies of a photo on one side of the split, so that no test image was seen in training.</p>
${leaks && leaks.leaked > 0 ? html`<p><strong>The export's own split leaks:</strong> ${leaks.leaked} of its ${leaks.of} validation and test ${pluralNoun(leaks.of, 'image')} ${agreeing(leaks.leaked, 'is a copy', 'are copies')} of images in its train split. Scores measured on them are inflated.</p>` : null}
<div class="pairs">${shown}</div>`;
}

/** The section with images that are nearly uniform or nearly black. */
export function lowContrast({ facts, curation, settings }: ReportData, pictures: Pictures): Html | null {
  if (!facts || facts.lowContrast.length === 0) return null;
  const shown = facts.lowContrast.map((image) =>
    figure(image, pictures, caption(image, curation !== null), `low contrast: ${alt(image)}`),
  );
  return html`<h2 id="contrast">Images with low contrast</h2>
<p>These images are nearly uniform or nearly black after conversion to 8 bits, as Rekognition receives them (STRETCH_CONTRAST=${settings.stretchContrast}).</p>
<div class="grid">${shown}</div>`;
}

/** The section on images with an EXIF orientation: the votes per COCO file, and ambiguous images in both readings. */
export function exifReadings({ facts, settings }: ReportData, pictures: Pictures): Html | null {
  if (!facts || facts.exif.files.length === 0) return null;
  const { files, undecidable } = facts.exif;
  const rows = files.map(
    ({ cocoFile, turned, stored, undecidable: ambiguous, reading }) =>
      html`<tr><th scope="row" class="path">${cocoFile}</th><td class="n">${turned}</td><td class="n">${stored}</td><td class="n">${ambiguous}</td><td>${ambiguous > 0 ? READING_NAMES[reading] : null}</td></tr>`,
  );
  const pairs = undecidable.map(({ orientation, reading, ...readings }) => {
    const shown = (['turned', 'stored'] as const).map((name) =>
      figure(
        readings[name],
        pictures,
        html`<strong>${READING_NAMES[name]}${name === reading ? ' (used)' : null}</strong> <code>EXIF_BOXES=${name}</code>`,
        `boxes read as ${READING_NAMES[name]}: ${alt(readings[name])}`,
      ),
    );
    return html`<div class="pair"><p class="whole soft">EXIF orientation ${orientation} <span class="path">${readings.turned.path}</span></p>${shown}</div>`;
  });
  return html`<h2 id="exif">Images with an EXIF orientation</h2>
<p>Boxes may refer to the image as viewers show it (rotated) or as the file stores it (stored). Where an image is not square and EXIF swaps its sides, its width and height in the COCO file show which, or boxes that fit only one of the two. All other images follow the majority of their COCO file (EXIF_BOXES=${settings.exifBoxes}).</p>
<div class="scroll"><table><thead><tr><th scope="col">COCO file</th><th scope="col" class="n">rotated</th><th scope="col" class="n">stored</th><th scope="col" class="n">ambiguous</th><th scope="col">ambiguous read as</th></tr></thead><tbody>${rows}</tbody></table></div>
${pairs.length > 0 ? html`<p>Check in which picture the boxes are in the right place. If it is not the one marked “used”, set EXIF_BOXES as written below the other picture.</p><div class="pairs">${pairs}</div>` : null}`;
}

/** How people name the two readings; the values of EXIF_BOXES and of the JSON keep their names. */
const READING_NAMES = { turned: 'rotated', stored: 'stored' } as const;

/** The section with pictures of omitted boxes and images. */
export function leftOut({ facts, settings }: ReportData, pictures: Pictures): Html | null {
  if (!facts) return null;
  const gallery = (title: string, images: readonly ShownImage[], note: string) =>
    images.length === 0
      ? null
      : html`<h3>${title}</h3><p class="soft">${note}</p><div class="grid">${images.map((image) => figure(image, pictures, lossCaption(image), lossAlt(image)))}</div>
`;
  const { tooSmall, cut, neverAnnotated } = facts;
  if (tooSmall.length + cut.length + neverAnnotated.length === 0) return null;
  return html`<h2 id="left-out">Omitted boxes and images</h2>
<p class="legend"><span class="k-dropped">omitted</span> <span class="k-own">kept</span></p>
${gallery('Boxes that are too small', tooSmall, `A side is shorter than MIN_BOX_PX=${settings.minBoxPx} pixels in the preprocessed image. Images with the most such boxes first.`)}${gallery('Boxes that became background', cut, `Boxes beyond MAX_BOX_PER_IMAGE=${settings.maxBoxPerImage} or of a dropped class. Training treats what they show as background.`)}${gallery('Never annotated', neverAnnotated, 'Rekognition ignores images without boxes.')}`;
}

/** The section on rejected images: each with its reason, some as pictures. */
export function rejections({ facts }: ReportData, pictures: Pictures): Html | null {
  if (!facts || facts.images.rejected === 0) return null;
  return html`<h2 id="rejected">Rejected images</h2>
<div class="scroll"><table><caption>${countOf(facts)}</caption>
<thead><tr><th scope="col" class="thumb">picture</th><th scope="col">file</th><th scope="col">reason</th></tr></thead><tbody>${facts.rejected.map((one) => rejectionRow(one, pictures))}</tbody></table></div>`;
}

function countOf({ rejected, images }: ReportFacts): string {
  return rejected.length < images.rejected
    ? `The first ${rejected.length} of ${images.rejected} rejected images, sorted by path.`
    : images.rejected === 1
      ? '1 rejected image.'
      : `All ${images.rejected} rejected images, sorted by path.`;
}

function rejectionRow(
  { path, cocoFile, record, message, image }: ReportFacts['rejected'][number],
  pictures: Pictures,
): Html {
  const picture = image && pictures.has(image) ? figure(image, pictures, html``, `rejected: ${path}`) : null;
  return html`<tr><td class="thumb">${picture}</td><td><span class="path">${path}</span><br><span class="soft">${cocoFile}, ${record}</span></td><td>${message}</td></tr>
`;
}

function caption({ path, split: side, boxes }: ShownImage, curated: boolean): Html {
  const split = curated ? html`<strong>${side ?? 'not used'}</strong> ` : null;
  return html`${split}${describeBoxes(boxes)}<span class="path" title="${path}">${path}</span>`;
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
  return html`${lost === '' ? null : `omitted: ${lost}`}<span class="path" title="${path}">${path}</span>`;
}

function lossAlt({ path, boxes }: ShownImage): string {
  const lost = describeBoxes(boxes.filter(({ role }) => role === 'dropped'));
  return lost === '' ? path : `${path}, omitted: ${lost}`;
}
