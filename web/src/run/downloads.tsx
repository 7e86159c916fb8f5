import { api } from '../api.js';

/** Links that download the report and the exports of the dataset's latest version. */
export function Downloads({
  dataset,
  hasReport,
  isValid,
}: {
  dataset: string;
  hasReport: boolean;
  isValid: boolean;
}) {
  if (!hasReport && !isValid) return null;
  return (
    <section aria-labelledby="downloads-title">
      <h2 id="downloads-title">Downloads</h2>
      <div class="buttons">
        {hasReport && (
          <a class="button" href={api.reportAddress(dataset)} download={`${dataset}.report.html`}>
            Report
          </a>
        )}
        {isValid && (
          <>
            <a class="button" href={api.exportAddress(dataset, 'coco')} download={`${dataset}.coco.zip`}>
              Images and labels, COCO
            </a>
            <a class="button" href={api.exportAddress(dataset, 'yolo')} download={`${dataset}.yolo.zip`}>
              Images and labels, YOLO
            </a>
          </>
        )}
      </div>
      {isValid && (
        <p class="minor">
          The exports have the preprocessed images of the latest valid version, with its split.
        </p>
      )}
    </section>
  );
}
