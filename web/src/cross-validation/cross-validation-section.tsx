import type { DoubtfulLabels } from '../../../src/contracts/label-doubts.js';
import type { ImageCounts } from '../../../src/contracts/workflow-io.js';
import { expectedMinutes } from '../../../src/cross-validation/expected-minutes.js';
import type { TileCounts } from '../../../src/dataset/model/counts.js';
import { wholePhotosText } from '../../../src/dataset/model/tiled-images.js';
import type { CrossValidationDocument } from '../api.js';
import { api } from '../api.js';
import { LabelReview } from '../errors/label-review.js';
import { SHOWN_BY } from '../errors/step-headings.js';
import { count, plural } from '../format.js';
import { inPageWords } from '../page-words.js';
import { Problem } from '../parts/problem.js';
import { LearningCurves } from './learning-curves.js';
import { Running } from './running.js';
import type { CrossValidation } from './use-cross-validation.js';

/** Images of the archive, and those of them that are in the version and examined. */
type Counts = Pick<ImageCounts, 'found' | 'used' | 'tiles'>;

/** Finds doubtful labels in all images of a dataset version, and which classes gain from more photos. */
export function CrossValidationSection({
  dataset,
  images,
  labels,
  crossValidation: { document, problem, requested, start, stop },
  isPart,
}: {
  dataset: string;
  /** Images of the version; undefined if they are unknown. */
  images: Counts | undefined;
  labels: readonly string[];
  crossValidation: CrossValidation;
  /** Whether it is shown as a part of the evaluation. */
  isPart: boolean;
}) {
  const Heading = isPart ? 'h3' : 'h2';
  if (!document) return <Problem text={problem} />;
  const { running, failure } = document;
  const isDone = document.labels !== null && document.classes !== null;
  return (
    <section class="all-images" aria-labelledby="all-images-title">
      <Heading id="all-images-title">Labels of all images</Heading>
      {!isDone && (
        <p>
          Finds labels that may be missing or wrong in {imagesText(images?.used, images?.found)}, training
          images included, and shows which classes gain from more photos. For this a local detector learns
          from a part of the photos and is tested on the others, several times.
        </p>
      )}
      {images?.tiles && <p class="minor">{wholePhotos(images.used, images.tiles)}</p>}
      {running && (
        <Running
          running={running}
          images={images?.used}
          isStopping={requested === 'stop' || running.isStopping}
          onStop={stop}
        />
      )}
      {!running && !isDone && (
        <>
          {failure !== null && <p class="note">The last attempt failed: {inPageWords(failure)}</p>}
          <div class="buttons">
            <button type="button" class="primary" disabled={requested !== null} onClick={start}>
              {requested === 'start' ? 'Starting …' : 'Find doubtful labels in all images'}
            </button>
            <span class="minor">
              {images !== undefined && `Takes about ${minutes(expectedMinutes(images.used))}. `}
              Free: it runs on Curator’s own computer and does not use Rekognition.
            </span>
          </div>
        </>
      )}
      <Problem text={problem} />
      <Results
        dataset={dataset}
        labels={labels}
        document={document}
        found={images?.found}
        heading={isPart ? 'h4' : 'h3'}
      />
    </section>
  );
}

function Results({
  dataset,
  labels,
  document: { version, classes, labels: doubtful },
  found,
  heading: Heading,
}: {
  dataset: string;
  labels: readonly string[];
  document: CrossValidationDocument;
  /** Number of images of the archive; undefined if it is unknown. */
  found: number | undefined;
  heading: 'h3' | 'h4';
}) {
  return (
    <>
      {doubtful &&
        (doubtful.total === 0 ? (
          <p>
            The local detector contradicts no label of {imagesText(doubtful.images, found)} with enough
            confidence. If it finds few objects of a class, it says little about its labels.
          </p>
        ) : (
          <LabelReview
            dataset={dataset}
            labels={labels}
            doubts={doubtful.doubts}
            examined="all-images"
            about={doubtsText(doubtful, found)}
            csv={api.doubtfulLabelsAddress(dataset, version)}
            heading={Heading}
          />
        ))}
      {classes && classes.length > 0 && (
        <>
          <Heading id={SHOWN_BY['label-more'].heading} tabIndex={-1}>
            Would more photos help?
          </Heading>
          <p class="minor">
            F1 of the local detector with 25, 50 and 100 % of the photos that it may learn from; below the
            points is their number. The bar at the last point is the 95 % interval of what the last doubling
            gained. These are not scores of Rekognition, whose models learn more from the same photos.
          </p>
          <LearningCurves classes={classes} />
        </>
      )}
    </>
  );
}

function doubtsText({ images, total, doubts }: DoubtfulLabels, found: number | undefined): string {
  const most = total > doubts.length ? `The ${count(doubts.length)} most doubtful of ` : '';
  return `${most}${plural(total, 'label')} of ${imagesText(images, found)}, training images included. The most doubtful first.`;
}

/** Names the examined images. Those that curation left out, such as class balancing, are not among them. */
function imagesText(examined: number | undefined, found: number | undefined): string {
  if (examined === undefined) return 'all images';
  if (found === undefined || found <= examined) return `all ${plural(examined, 'image')}`;
  return `the ${count(examined)} used of ${plural(found, 'image')}`;
}

const wholePhotos = (photos: number, { train, val }: TileCounts) => wholePhotosText(photos, train + val);

const minutes = (n: number) => (n < 90 ? plural(n, 'minute') : `${(n / 60).toFixed(1)} hours`);
