import { boxCharts } from './box-charts.js';
import { classBalance } from './classes.js';
import type { ReportData } from './data.js';
import { datasetCheck } from './dataset-check.js';
import { reportDocument } from './document.js';
import { findings } from './findings.js';
import { copies, exifReadings, leftOut, lowContrast, rejections, samples } from './galleries.js';
import { type Html, html } from './html.js';
import { lineage } from './lineage.js';
import { outcomes } from './outcomes.js';
import type { Pictures } from './pictures.js';
import { serviceValidation } from './service-validation.js';
import { STYLE } from './style.js';

/** Renders report.html: one file that shows whether a dataset is fit for training, and why. */
export function reportPage(data: ReportData, pictures: Pictures): string {
  const sections: readonly (readonly [id: string, name: string, body: Html | null])[] = [
    ['findings', 'findings', findings(data, pictures)],
    ['service', 'training service', serviceValidation(data)],
    ['outcomes', 'images and boxes', outcomes(data)],
    ['classes', 'classes', classBalance(data)],
    ['boxes', 'boxes', boxCharts(data)],
    ['rejected', 'rejected', rejections(data, pictures)],
    ['exif', 'EXIF', exifReadings(data, pictures)],
    ['contrast', 'low contrast', lowContrast(data, pictures)],
    ['copies', 'copies', copies(data, pictures)],
    ['left-out', 'omitted', leftOut(data, pictures)],
    ['samples', 'samples', samples(data, pictures)],
    ['settings', 'settings and lineage', lineage(data)],
  ];
  const shown = sections.filter(([, , body]) => body !== null);
  const version = data.lineage
    ? html` <small class="soft">version ${data.lineage.datasetVersion.slice(0, 16)}</small>`
    : null;
  return reportDocument(
    `${data.dataset}: ${data.refusal === null ? 'fit' : 'not fit'} for training`,
    STYLE,
    html`<h1>${data.dataset}${version}</h1>
${datasetCheck(data)}
<nav aria-label="Sections">${shown.map(([id, name]) => html`<a href="#${id}">${name}</a>`)}</nav>
${shown.map(([, , body]) => html`${body}\n`)}`,
  );
}
