import type { Page } from 'playwright-core';
import type { CheckResult } from '../../src/check/examine.js';
import { inPageWords } from '../../web/src/page-words.js';

/** What a person reads of a dataset check. */
export interface Shown {
  readonly quality: string;
  readonly used: string | null;
  readonly left: readonly string[];
  readonly together: string | undefined;
  readonly classes: readonly string[];
  readonly findings: readonly string[];
}

/** Headings of the three qualities of a dataset. */
const HEADINGS: readonly (readonly [CheckResult['quality'], RegExp])[] = [
  ['good', /^Fit for training(, with \d+ warnings?)?$/],
  ['unreliable', /^Fit for training, with unreliable scores$/],
  ['unfit', /^Not fit for training$/],
];

const words = (text: string) => text.replace(/\s+/g, ' ').trim();

/** Reads a dataset check from the page. */
export async function shownBy(page: Page): Promise<Shown> {
  const texts = async (selector: string) => (await page.locator(selector).allInnerTexts()).map(words);
  const [heading = ''] = await texts('#check-title');
  const [used = null] = await texts('#usage-title');
  const [together] = await texts('.together');
  return {
    quality: HEADINGS.find(([, pattern]) => pattern.test(heading))?.[0] ?? heading,
    used,
    left: await texts('.legend li'),
    together,
    classes: await texts('.bars tbody tr'),
    findings: await texts('.findings > li > p:not(.remedies)'),
  };
}

/**
 * What the page must show of a result, by the counts and texts of the JSON document of `curator check`.
 * @param minClassImages the setting that the check ran with
 */
export function shownOf(result: CheckResult, minClassImages = 40): Shown {
  const { images, labels, droppedClasses, groups, findings, fit, message, quality } = result;
  const left = images && {
    train: images.train,
    val: images.val,
    'excluded by class balancing (“Maximum images per class”)': images.left.balancedAway,
    'never annotated': images.left.neverAnnotated,
    'without usable boxes': images.left.emptiedByBoxRules,
    'with dropped classes only (“Minimum images per class”)': images.left.emptiedByClassDrop,
    rejected: images.rejected,
  };
  return {
    quality,
    used: images && `Used ${images.used} of ${images.found} images`,
    left: Object.entries(left ?? {}).flatMap(([name, n]) => (n > 0 ? [`${n} ${name}`] : [])),
    together: togetherOf(groups),
    classes: [
      ...labels.map(
        ({ label, train, val }) =>
          `${label} ${train.images} train, ${val.images} val ${train.boxes + val.boxes} boxes`,
      ),
      ...droppedClasses.map(
        ({ label, images: n }) => `${label} dropped: ${counted(n, 'image')}, minimum ${minClassImages}`,
      ),
    ],
    findings: findings
      .filter((finding) => fit || finding.message !== message)
      .map(({ severity, message: text, count, unit }) =>
        words(
          `${severity === 'error' ? 'Error' : 'Warning'} ${inPageWords(text)}${unit ? ` (${count} ${count === 1 ? unit.replace(/(?<=class|box)es$|s$/, '') : unit})` : ''}`,
        ),
      ),
  };
}

const counted = (n: number, noun: string) => `${n} ${noun}${n === 1 ? '' : 's'}`;

function togetherOf(groups: CheckResult['groups']): string | undefined {
  const { sameSource, groupBy } = groups ?? {};
  const parts = [
    ...(groups && groups.groups > 0 ? [`${groups.images} copies in ${counted(groups.groups, 'group')}`] : []),
    ...(sameSource ? [`${sameSource.images} images of ${counted(sameSource.groups, 'source name')}`] : []),
    ...(groupBy
      ? [`${counted(groupBy.images, 'image')} in ${counted(groupBy.groups, 'group')} by “Keep together”`]
      : []),
  ];
  return parts.length > 0 ? `Belong together: ${parts.join(', ')}` : undefined;
}
