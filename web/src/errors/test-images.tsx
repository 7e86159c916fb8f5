import { useEffect, useMemo, useState } from 'preact/hooks';
import { photosAndTiles, tileText } from '../../../src/dataset/model/tiled-images.js';
import { TOPIC_WORDS } from '../../../src/evaluation/error-words.js';
import { countErrors, rankByErrors } from '../../../src/evaluation/worst-images.js';
import { baseName } from '../../../src/lib/base-name.js';
import { api } from '../api.js';
import { count, plural } from '../format.js';
import { BoxedImage } from '../parts/boxed-image.js';
import { ShowMore } from '../parts/show-more.js';
import { Lightbox } from '../run/lightbox.js';
import type { JudgedTestImage } from './judge.js';
import { countText, pictureOf } from './marks.js';
import { nameOfCell, type Selection, selectedErrors } from './selection.js';

const PAGE = 24;
export const TEST_IMAGES_TITLE = 'test-images-title';

/** The test images with the selected errors, worst first. */
export function TestImages({
  dataset,
  labels,
  images,
  selection,
  onSelection,
}: {
  dataset: string;
  labels: readonly string[];
  images: readonly JudgedTestImage[];
  selection: Selection;
  onSelection: (selection: Selection) => void;
}) {
  const [most, setMost] = useState(PAGE);
  const [open, setOpen] = useState<number>();
  const [hasOthers, setOthers] = useState(true);
  useEffect(() => setMost(PAGE), [selection]);
  const worst = useMemo(
    () => rankByErrors(images, (image) => selectedErrors(selection, image)),
    [images, selection],
  );
  const shown = worst.slice(0, open === undefined ? most : worst.length);
  const pictures = useMemo(
    () => shown.map((image) => pictureOf(image, selectedErrors(selection, image), hasOthers)),
    [worst, shown.length, selection, hasOthers],
  );
  const srcOf = (key: string) => api.imageAddress(dataset, key);
  const others = (
    <label class="check">
      <input
        type="checkbox"
        checked={hasOthers}
        onChange={({ currentTarget }) => setOthers(currentTarget.checked)}
      />
      Show the other boxes too
    </label>
  );
  return (
    <section class="test-images" aria-labelledby={TEST_IMAGES_TITLE}>
      <h2 id={TEST_IMAGES_TITLE} tabIndex={-1}>
        Test images, worst first
      </h2>
      <Topics images={images} selection={selection} onSelection={onSelection} />
      <div class="section-head">
        <span class="minor" role="status">
          {ofAll(worst, images)}
        </span>
        {others}
        <span class="minor">Solid: labelled. Dashed: detected.</span>
      </div>
      <ul class="tiles captioned">
        {pictures.slice(0, most).map((picture, i) => (
          <li key={picture.key}>
            <button type="button" onClick={() => setOpen(i)}>
              <BoxedImage
                image={picture}
                src={srcOf(picture.key)}
                labels={labels}
                fit="contain"
                captions="with-room"
              />
            </button>
            <span>{errorText(worst[i], selection)}</span>
            <span class="minor filename">{baseName(picture.path)}</span>
            {picture.tile && <span class="minor">{tileText(picture.tile)}</span>}
          </li>
        ))}
      </ul>
      {worst.length === 0 && <p>No test image has such an error at this confidence.</p>}
      <ShowMore hidden={worst.length - most} onMore={() => setMost(most + PAGE)} />
      {open !== undefined && (
        <Lightbox
          images={pictures}
          at={open}
          labels={labels}
          srcOf={srcOf}
          onMove={setOpen}
          onClose={() => setOpen(undefined)}
        >
          {others}
        </Lightbox>
      )}
    </section>
  );
}

/** The number of images with an error, of all: `2 images of 68`, or `1 photo and 1 tile, of 20 photos and 48 tiles`. */
function ofAll(worst: readonly JudgedTestImage[], all: readonly JudgedTestImage[]): string {
  const [shown, tiles] = [tilesIn(worst), tilesIn(all)];
  if (tiles === 0) return `${plural(worst.length, 'image')} of ${count(all.length)}`;
  return `${photosAndTiles(worst.length, shown)}, of ${photosAndTiles(all.length, tiles)}`;
}

const tilesIn = (images: readonly JudgedTestImage[]) => images.filter(({ tile }) => tile).length;

const errorText = (image: JudgedTestImage | undefined, selection: Selection) =>
  image && countText(selectedErrors(selection, image));

/** Buttons of the topics with their number of errors, and what is shown now. */
function Topics({
  images,
  selection,
  onSelection,
}: {
  images: readonly JudgedTestImage[];
  selection: Selection;
  onSelection: (selection: Selection) => void;
}) {
  const counts = useMemo(
    () => TOPIC_WORDS.map(({ topic }) => images.reduce((sum, image) => sum + countErrors(topic, image), 0)),
    [images],
  );
  const chosen = 'topic' in selection ? selection.topic : undefined;
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields of a form */}
      <div class="topics" role="group" aria-label="Errors to show">
        {TOPIC_WORDS.map(({ topic, name }, i) => (
          <button
            key={topic}
            type="button"
            class="topic"
            aria-pressed={topic === chosen}
            onClick={() => onSelection({ topic })}
          >
            {name} <span class="minor">{count(counts[i] ?? 0)}</span>
          </button>
        ))}
        {'cell' in selection && (
          <button type="button" class="topic" aria-pressed={true}>
            {nameOfCell(selection.cell)}
          </button>
        )}
      </div>
      <p class="minor">
        {'cell' in selection
          ? 'Chosen in the confusion matrix.'
          : TOPIC_WORDS.find(({ topic }) => topic === selection.topic)?.text}
      </p>
    </>
  );
}
