import { useEffect, useState } from 'preact/hooks';
import { errorMessage } from '../../../src/lib/error-message.js';
import { api, type Deletion } from '../api.js';
import { bytes, count, plural } from '../format.js';
import { Problem } from '../parts/problem.js';

const KIND_NAMES: Readonly<Record<Deletion['objects'][number]['kind'], string>> = {
  uploads: 'Uploads',
  originals: 'Original images',
  preprocessed: 'Preprocessed images',
  versions: 'Dataset versions and reports',
  models: 'Files of models',
  records: 'Records of runs',
};

/** Deletes the dataset after its name was typed. What will be deleted is counted when the section is opened. */
export function DeleteDataset({
  dataset,
  isExamining = false,
}: {
  dataset: string;
  /** Whether its images are being examined, for which a deletion is refused. */
  isExamining?: boolean;
}) {
  const [plan, setPlan] = useState<Deletion>();
  const [typed, setTyped] = useState('');
  const [deleting, setDeleting] = useState(false);
  const [problem, setProblem] = useState('');
  useEffect(() => {
    if (!isExamining) setProblem('');
  }, [isExamining]);
  const load = () => {
    setProblem('');
    api.deletion(dataset).then(setPlan, (error: unknown) => setProblem(errorMessage(error)));
  };
  const isNamed = typed.trim() === dataset;
  const remove = (event: Event) => {
    event.preventDefault();
    if (!isNamed || deleting) return;
    setDeleting(true);
    setProblem('');
    api.delete(dataset).then(
      () => {
        location.hash = '#/';
      },
      (error: unknown) => {
        setDeleting(false);
        setProblem(errorMessage(error));
      },
    );
  };
  return (
    <details class="fold deletion" onToggle={({ currentTarget }) => currentTarget.open && load()}>
      <summary>Delete this dataset</summary>
      {plan ? <Plan plan={plan} /> : problem === '' && <p class="minor">Counting …</p>}
      {plan && (
        <form onSubmit={remove}>
          <label>
            Type {dataset} to delete it
            <input
              autocomplete="off"
              autocapitalize="off"
              spellcheck={false}
              value={typed}
              onInput={({ currentTarget }) => setTyped(currentTarget.value)}
            />
          </label>
          <div class="buttons">
            <button type="submit" class="danger" disabled={!isNamed || deleting}>
              {deleting ? 'Deleting …' : 'Delete'}
            </button>
            <span class="minor" role="status">
              {deleting && 'Large datasets take minutes.'}
            </span>
          </div>
        </form>
      )}
      <Problem text={problem} />
    </details>
  );
}

function Plan({ plan: { objects, models, unreadable } }: { plan: Deletion }) {
  const paid = models.filter(({ trainer }) => trainer === 'rekognition');
  return (
    <>
      <p>This is deleted and cannot be restored:</p>
      <table class="scores">
        <caption class="hidden">What is deleted</caption>
        <thead>
          <tr>
            <th scope="col">Kind</th>
            <th scope="col" class="number">
              Files
            </th>
            <th scope="col" class="number">
              Size
            </th>
          </tr>
        </thead>
        <tbody>
          {objects.map(({ kind, count: files, bytes: size }) => (
            <tr key={kind}>
              <th scope="row">{KIND_NAMES[kind]}</th>
              <td class="number">{count(files)}</td>
              <td class="number">{bytes(size)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p>This is not deleted:</p>
      <ul class="plain">
        {paid.map(({ modelVersion, projectVersionArn }) => (
          <li key={modelVersion}>
            The Rekognition model <code>{projectVersionArn}</code>. Delete it with{' '}
            <code>aws rekognition delete-project-version --project-version-arn {projectVersionArn}</code>
          </li>
        ))}
        {models.length > paid.length && (
          <li>{plural(models.length - paid.length, 'model')} of the local emulator</li>
        )}
        {unreadable.map(({ modelVersion }) => (
          <li key={modelVersion}>
            The model of the card <code>{modelVersion}</code>, which cannot be read
          </li>
        ))}
        <li>The histories of its runs in Temporal, until their retention ends</li>
      </ul>
    </>
  );
}
