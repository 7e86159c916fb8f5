import { type BoxGroup, groupByPosition, groupBySize } from '../../../src/evaluation/box-groups.js';
import {
  POSITION_TITLE,
  POSITION_WORDS,
  SIZE_TITLE,
  sizeWords,
  type Words,
} from '../../../src/evaluation/error-words.js';
import { percentText } from '../../../src/lib/percent.js';
import { count, share } from '../format.js';
import type { JudgedTestImage } from './judge.js';

/** What the model finds by size and by position of the boxes. */
export function GroupTables({ images }: { images: readonly JudgedTestImage[] }) {
  const sizes = groupBySize(images);
  return (
    <>
      {sizes && <GroupTable title={SIZE_TITLE} groups={sizes.groups} words={sizeWords(sizes)} />}
      <GroupTable title={POSITION_TITLE} groups={groupByPosition(images)} words={POSITION_WORDS} />
    </>
  );
}

function GroupTable<N extends string>({
  title,
  groups,
  words,
}: {
  title: string;
  groups: readonly BoxGroup<N>[];
  words: Readonly<Record<N, Words>>;
}) {
  return (
    <>
      <h4>{title}</h4>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable area must be reachable by keyboard */}
      <section class="wide" tabIndex={0} aria-label={title}>
        <table class="scores groups">
          <caption class="hidden">{title}</caption>
          <thead>
            <tr>
              <th scope="col">Boxes</th>
              <th scope="col" class="number">
                Objects
              </th>
              <th scope="col">Found</th>
              <th scope="col" class="number">
                False alarms
              </th>
            </tr>
          </thead>
          <tbody>
            {groups.map((group) => (
              <Row key={group.name} group={group} words={words[group.name]} />
            ))}
          </tbody>
        </table>
      </section>
    </>
  );
}

function Row({ group, words }: { group: BoxGroup<string>; words: Words }) {
  const { objects, found, falseAlarms } = group;
  const percent = share(found, objects);
  return (
    <tr>
      <th scope="row">
        <span class="name">{words.name}</span>
        <span class="reason">{words.meaning}</span>
      </th>
      <td class="number">{count(objects)}</td>
      <td class="part">
        <span class="value">
          {count(found)}
          {objects > 0 && ` (${percentText(found, objects)})`}
        </span>
        <span class="track" aria-hidden="true">
          <span class="bar" style={{ width: `${percent}%` }} />
        </span>
      </td>
      <td class="number">{count(falseAlarms)}</td>
    </tr>
  );
}
