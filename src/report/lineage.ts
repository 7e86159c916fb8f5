import { DEFAULT_DATASET_SETTINGS, RULES_VERSION } from '../dataset/model/settings.js';
import type { ReportData } from './data.js';
import { type Html, html } from './html.js';

/** The section with the settings and the lineage of the dataset version. */
export function lineage({ settings, lineage: origin }: ReportData): Html {
  const defaults: Readonly<Record<string, unknown>> = { ...DEFAULT_DATASET_SETTINGS };
  const rows = Object.entries(settings).map(([name, value]) => {
    const changed = value !== defaults[name];
    return html`<tr><th scope="row"><code>${variableOf(name)}</code></th><td class="${changed ? 'changed' : ''}">${String(value)}</td><td class="soft">${String(defaults[name])}</td></tr>`;
  });
  return html`<h2 id="settings">Settings</h2>
<table><caption>Values that differ from the default are bold.</caption><thead><tr><th scope="col">setting</th><th scope="col">value</th><th scope="col">default</th></tr></thead><tbody>${rows}</tbody></table>
${origin ? originOf(origin) : null}`;
}

function originOf(origin: NonNullable<ReportData['lineage']>): Html {
  const row = (name: string, value: string) =>
    html`<tr><th scope="row">${name}</th><td><code>${value}</code></td></tr>`;
  return html`<h2 id="lineage">Lineage</h2>
<table><tbody>${row('dataset version', origin.datasetVersion)}${row('archive id', origin.archiveId)}${row('rules version', String(RULES_VERSION))}${row('newest file in the archive', `${origin.creationDate} UTC`)}${origin.cocoFiles.slice(0, MAX_FILES).map(({ path, sha256 }) => row(path, `sha256 ${sha256}`))}</tbody></table>
${origin.cocoFiles.length > MAX_FILES ? html`<p class="soft">${origin.cocoFiles.length - MAX_FILES} further COCO files are not shown.</p>` : null}`;
}

/** Maximum number of COCO files listed. */
const MAX_FILES = 20;

/** The environment variable of a setting: `minBoxPx` is set by `MIN_BOX_PX`. */
export function variableOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}
