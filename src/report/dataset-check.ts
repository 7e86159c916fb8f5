import { qualityOf } from '../dataset/curating/quality.js';
import { tilesText } from '../dataset/model/outcome-names.js';
import { distrustOf } from '../dataset/model/quality.js';
import { agreeing, plural } from '../lib/plural.js';
import type { ReportData } from './data.js';
import { type Html, html } from './html.js';

/** The first section: whether the dataset is fit for training, why, and its main counts. */
export function datasetCheck({ refusal, curation, facts, findings: list, settings }: ReportData): Html {
  const figures: Html[] = [];
  if (curation) {
    const { images, annotations, labels } = curation;
    figures.push(
      figureOf('Images', images.used, `of ${images.found} found`),
      figureOf(
        'Train / val',
        `${images.train} / ${images.val}`,
        settings.split === 'export' ? 'as exported' : 'copies kept together',
      ),
      ...(images.tiles
        ? [figureOf('Tiles', images.tiles.train + images.tiles.val, tilesText(images.tiles))]
        : []),
      figureOf('Boxes', annotations.used, `of ${annotations.found} found`),
      figureOf('Classes', labels.length, dropped(curation.droppedClasses.length)),
    );
  } else if (facts) {
    const { found, neverAnnotated } = facts.images;
    figures.push(
      figureOf('Images', found, `${neverAnnotated} never annotated`),
      figureOf('Boxes', facts.boxes.count, 'after the box rules'),
      figureOf('Classes', facts.classCount, 'with boxes'),
    );
  }
  const { sameSource, groupBy } = curation?.groups ?? {};
  if (sameSource)
    figures.push(
      figureOf('Same source', sameSource.images, `of ${plural(sameSource.groups, 'source name')}`),
    );
  if (groupBy) figures.push(figureOf('GROUP_BY', groupBy.images, `in ${plural(groupBy.groups, 'group')}`));
  if (facts) {
    const { groups, images } = facts.copies;
    figures.push(figureOf('Copies', images, `of ${plural(groups, 'photo')}`));
  }
  const fit = refusal === null;
  const warnings = list.filter(({ severity }) => severity === 'warning').length;
  const distrust = curation
    ? distrustOf(qualityOf({ dataset: 'The dataset', refusal, findings: list, counts: curation }))
    : undefined;
  const message = `The dataset meets all rules of Rekognition Custom Labels that can be checked before training${warnings === 0 ? '' : `. There ${agreeing(warnings, 'is', 'are')} ${plural(warnings, 'warning')}`}.${distrust === undefined ? '' : ` ${distrust}`}`;
  return html`<section class="dataset-check ${fit ? 'fit' : 'unfit'}"><strong>${fit ? (distrust !== undefined ? 'Fit for training, with unreliable scores' : 'Fit for training') : 'Not fit for training'}</strong><p>${refusal ?? message}</p></section>
<dl class="figures">${figures}</dl>`;
}

const dropped = (classes: number) => (classes === 0 ? 'none dropped' : `${classes} dropped`);

function figureOf(name: string, value: string | number, note: string): Html {
  return html`<div><dt>${name}</dt><dd>${value}<small>${note}</small></dd></div>`;
}
