import { useMemo, useState } from 'preact/hooks';
import { baseName } from '../../../src/lib/base-name.js';
import { caseText, sideText } from '../../../src/report/case-text.js';
import type { FindingCase } from '../../../src/report/facts.js';
import { describeBoxes } from '../../../src/report/pictures.js';
import { inPageWords } from '../page-words.js';
import { Lightbox, type LightboxPicture } from '../run/lightbox.js';
import { Closeup } from './closeup.js';

/** Pictures of the cases of findings. */
export interface ShownCases {
  readonly cases: readonly FindingCase[];
  /** The classes, by which boxes are coloured. */
  readonly labels: readonly string[];
  /** Whether the dataset was split, so that an image is in train, in val or not used. */
  readonly isSplit: boolean;
  /** The address of an image; undefined if it cannot be shown. */
  readonly srcOf: (image: { readonly path: string; readonly key: string }) => string | undefined;
}

/** The cases of a finding as pictures: copies side by side, each with the side of the split that it is on. */
export function CasePictures({ cases, labels, isSplit, srcOf }: ShownCases) {
  const [open, setOpen] = useState<number>();
  const shown = useMemo(() => cases.map((one) => picturesOf(one, isSplit)), [cases, isSplit]);
  const all = shown.flat().filter((picture) => srcOf(picture) !== undefined);
  if (all.length === 0) return null;
  return (
    <>
      <ul class="tiles captioned cases">
        {shown.map((pictures, i) => (
          <li key={i} class={pictures.length > 1 ? 'pair' : ''}>
            {pictures.map((picture) => {
              const src = srcOf(picture);
              return (
                <figure key={picture.path}>
                  <button
                    type="button"
                    disabled={src === undefined}
                    onClick={() => setOpen(all.indexOf(picture))}
                  >
                    {src === undefined ? (
                      <span class="boxed minor">no picture</span>
                    ) : (
                      <Closeup image={picture} src={src} labels={labels} />
                    )}
                  </button>
                  <figcaption>
                    {picture.about}
                    <span class="minor filename">{baseName(picture.path)}</span>
                  </figcaption>
                </figure>
              );
            })}
          </li>
        ))}
      </ul>
      {open !== undefined && (
        <Lightbox
          images={all}
          at={open}
          labels={labels}
          srcOf={(key) => srcOf(all.find((one) => one.key === key) ?? { path: key, key }) ?? ''}
          onMove={setOpen}
          onClose={() => setOpen(undefined)}
        />
      )}
    </>
  );
}

function picturesOf({ code, example, images }: FindingCase, isSplit: boolean): LightboxPicture[] {
  return images.map((image) => {
    const { path, key, width, height, view, boxes } = image;
    const side = sideText(code, image, isSplit);
    const text = images.length > 1 ? '' : inPageWords(caseText(example, path));
    const about = [...(side === null ? [] : [side]), text || describeBoxes(boxes)].filter(Boolean).join(': ');
    const marks = boxes.map(({ role, ...box }) => ({
      ...box,
      isFaint: role === 'other',
      isDropped: role === 'dropped',
    }));
    const alt = `${baseName(path)}: ${about}`;
    return { path, key: key ?? path, width, height, view, boxes: marks, alt, about };
  });
}
