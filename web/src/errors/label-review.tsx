import { useMemo, useState } from 'preact/hooks';
import { doubtText } from '../../../src/advice/doubt-text.js';
import type { Examined } from '../../../src/advice/label-review.js';
import type { LabelDoubt } from '../../../src/contracts/label-doubts.js';
import { baseName } from '../../../src/lib/base-name.js';
import { api } from '../api.js';
import { Closeup } from '../parts/closeup.js';
import { ShowMore } from '../parts/show-more.js';
import { Lightbox, type LightboxPicture } from '../run/lightbox.js';
import { SHOWN_BY } from './step-headings.js';

/** Number of labels that are shown at first. */
const PAGE = 12;

/** The labels to check, the most doubtful first, with the question to ask about each. */
export function LabelReview({
  dataset,
  labels,
  doubts,
  examined,
  about,
  csv,
  heading: Heading,
}: {
  dataset: string;
  labels: readonly string[];
  doubts: readonly LabelDoubt[];
  examined: Examined;
  /** How many labels there are, and of which images. */
  about: string;
  /** Address of the list as CSV. */
  csv: string;
  /** The level of the heading. */
  heading: 'h3' | 'h4';
}) {
  const [most, setMost] = useState(PAGE);
  const [open, setOpen] = useState<number>();
  const pictures = useMemo(() => doubts.map((doubt) => pictureOf(doubt, examined)), [doubts, examined]);
  const srcOf = (key: string) => api.imageAddress(dataset, key);
  return (
    <div class="label-review">
      <Heading id={SHOWN_BY['check-labels'].heading} tabIndex={-1}>
        Labels to check first
      </Heading>
      <p class="minor">
        {about}{' '}
        <a href={csv} download>
          Download the list (CSV)
        </a>
      </p>
      <ul class="tiles captioned">
        {pictures.slice(0, most).map((picture, i) => (
          <li key={i}>
            <button type="button" onClick={() => setOpen(i)}>
              <Closeup image={picture} src={srcOf(picture.key)} labels={labels} />
            </button>
            <span>{picture.about}</span>
            <span class="minor filename">{baseName(picture.path)}</span>
          </li>
        ))}
      </ul>
      <ShowMore hidden={doubts.length - most} onMore={() => setMost(most + PAGE)} />
      {open !== undefined && (
        <Lightbox
          images={pictures}
          at={open}
          labels={labels}
          srcOf={srcOf}
          onMove={setOpen}
          onClose={() => setOpen(undefined)}
        />
      )}
    </div>
  );
}

function pictureOf(doubt: LabelDoubt, examined: Examined): LightboxPicture {
  const { path, key, width, height, labelled, detected, box, others = [] } = doubt;
  const text = doubtText(doubt, examined);
  const mark = { ...box, label: labelled ?? detected ?? '', isDetected: labelled === null };
  const faint = others.map((other) => ({ ...other, isFaint: true, text: other.label }));
  const name = baseName(path);
  return {
    path,
    key,
    width,
    height,
    boxes: [{ ...mark, text: mark.label }, ...faint],
    alt: `${name}: ${text}`,
    about: text,
  };
}
