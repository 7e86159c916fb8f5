import { useMemo, useState } from 'preact/hooks';
import { doubtText } from '../../../src/advice/doubt-text.js';
import { baseName } from '../../../src/lib/base-name.js';
import { type Advice, api } from '../api.js';
import { plural } from '../format.js';
import { Closeup } from '../parts/closeup.js';
import { ShowMore } from '../parts/show-more.js';
import { Lightbox, type LightboxPicture } from '../run/lightbox.js';

type Doubt = Advice['doubts'][number];

/** Number of labels that are shown at first. */
const PAGE = 12;

/** The labels to check, the most doubtful first, with the question to ask about each. */
export function LabelReview({
  dataset,
  modelVersion,
  labels,
  doubts,
}: {
  dataset: string;
  modelVersion: string;
  labels: readonly string[];
  doubts: readonly Doubt[];
}) {
  const [most, setMost] = useState(PAGE);
  const [open, setOpen] = useState<number>();
  const pictures = useMemo(() => doubts.map(pictureOf), [doubts]);
  const srcOf = (key: string) => api.imageAddress(dataset, key);
  return (
    <div class="label-review">
      <h4>Labels to check first</h4>
      <p class="minor">
        {plural(doubts.length, 'label')} of the test images, the most doubtful first. The training images are
        not covered.{' '}
        <a href={api.labelReviewAddress(dataset, modelVersion)} download>
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

function pictureOf(doubt: Doubt): LightboxPicture {
  const { path, key, width, height, labelled, detected, box } = doubt;
  const text = doubtText(doubt);
  const mark = { ...box, label: labelled ?? detected ?? '', isDetected: labelled === null };
  const name = baseName(path);
  return { path, key, width, height, boxes: [mark], alt: `${name}: ${text}`, about: text };
}
