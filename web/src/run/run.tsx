import { useEffect, useRef, useState } from 'preact/hooks';
import type { Progress } from '../../../src/contracts/workflow-io.js';
import type { ModelCards } from '../../../src/endpoint/schemas.js';
import { baseName } from '../../../src/lib/base-name.js';
import { api } from '../api.js';
import { CrossValidationSection } from '../cross-validation/cross-validation-section.js';
import { useCrossValidation } from '../cross-validation/use-cross-validation.js';
import { bytes, count, score } from '../format.js';
import { inPageWords } from '../page-words.js';
import { Chip } from '../parts/chip.js';
import { ClassBars } from '../parts/class-bars.js';
import { Problem } from '../parts/problem.js';
import { Quality } from '../parts/quality.js';
import { Usage } from '../parts/usage.js';
import { ApprovalPanel } from './approval.js';
import { DeleteDataset } from './delete-dataset.js';
import { Downloads } from './downloads.js';
import { EvaluationSection } from './evaluation.js';
import { Gallery } from './gallery.js';
import { DatasetHistory } from './history.js';
import { ModelUse } from './model-use.js';
import { Now } from './now.js';
import { Rejected } from './rejected.js';
import { type Proposal, RunAgain } from './run-again.js';
import { RunFindings } from './run-findings.js';
import { ServiceValidationSection } from './service-validation.js';
import { Timeline } from './timeline.js';
import { TryModel } from './try-model.js';
import { type Facts, useFacts } from './use-facts.js';
import { useLoaded } from './use-loaded.js';
import { useProgress } from './use-progress.js';
import { Versions } from './versions.js';

export function Run({ dataset, onLocked }: { dataset: string; onLocked: () => void }) {
  const [attempt, setAttempt] = useState(0);
  const { progress, trouble, failure } = useProgress(dataset, attempt, onLocked);
  const facts = useFacts(progress);
  const title = useRef<HTMLHeadingElement>(null);
  const followNext = () => {
    setAttempt((before) => before + 1);
    // The form goes away, and keyboards continue from the heading.
    title.current?.focus();
  };
  return (
    <>
      <p class="back">
        <a href="#/">All datasets</a>
      </p>
      <div class="run-head">
        <h1 ref={title} tabIndex={-1}>
          {dataset}
        </h1>
        <span role="status">{progress && <Chip stage={progress.stage} />}</span>
      </div>
      <Problem text={failure} />
      {trouble !== null && failure === null && (
        <p class="banner" role="status">
          {trouble}
        </p>
      )}
      {!progress && failure === null && trouble === null && <p class="minor">Loading …</p>}
      {progress && <Details progress={progress} facts={facts} onStarted={followNext} />}
      {failure !== null && !progress?.result && <DeleteDataset dataset={dataset} />}
    </>
  );
}

const NO_MODELS: ModelCards = { models: [], unreadable: [] };

function Details({
  progress,
  facts,
  onStarted,
}: {
  progress: Progress;
  facts: Facts | undefined;
  /** Called once another run was started. */
  onStarted: () => void;
}) {
  const [proposal, setProposal] = useState<Proposal>();
  const { dataset, version, upload, approval, result } = progress;
  const hours = useExpectedHours(progress);
  const workflow = useLoaded<string | null>(api.workflowUrl, dataset, progress.runId, null);
  const { models, unreadable } = useLoaded<ModelCards>(api.models, dataset, result !== null, NO_MODELS);
  const [newest] = models;
  const labels = facts?.labels.map(({ label }) => label) ?? [];
  // A refused dataset has a report too, which explains the refusal in detail.
  const isValid = result?.outcome !== 'refused' && labels.length > 0;
  const crossValidation = useCrossValidation(dataset, isValid ? version : null);
  const allImages = (isPart: boolean) =>
    isValid && (
      <CrossValidationSection
        dataset={dataset}
        images={facts?.images ?? undefined}
        labels={labels}
        crossValidation={crossValidation}
        isPart={isPart}
      />
    );
  const hasReport = version !== null && (labels.length > 0 || Boolean(result?.uris.report));
  return (
    <>
      <p class="minor facts">
        <span class="filename">{baseName(upload.key)}</span>, {bytes(upload.bytes)}
        {version && (
          <>
            {' · '}version <code>{version}</code>
          </>
        )}
        {hasReport && <Elsewhere href={api.reportAddress(dataset)}>Report</Elsewhere>}
        {workflow && <Elsewhere href={workflow}>Temporal</Elsewhere>}
      </p>
      {result && (result.outcome !== 'done' || !result.evaluation) && (
        <p class="outcome" role="alert">
          {inPageWords(result.message)}
        </p>
      )}
      <Quality dataset={progress} />
      {result && !result.training && newest && (
        <p class="minor">
          {newest.model.modelVersion === progress.training?.modelVersion
            ? 'The training was completed after this run had ended: model '
            : 'The latest model '}
          <code>{newest.model.modelVersion}</code>
          {newest.model.modelVersion !== progress.training?.modelVersion &&
            ' is of an earlier run and is unchanged'}
          {newest.evaluation && `: F1 ${score(newest.evaluation.f1)}`}
          {newest.model.trainer === 'emulator' && ' (local baseline)'}.
        </p>
      )}
      <Timeline progress={progress} />
      <div class="now">
        <Now progress={progress} hours={hours ?? hoursOf(newest?.model.trainingSeconds)} />
      </div>
      {approval && (
        <ApprovalPanel dataset={dataset} trainer={approval.trainer} findings={facts?.findings ?? []} />
      )}
      {result?.evaluation && (
        <EvaluationSection
          dataset={dataset}
          evaluation={result.evaluation}
          training={result.training}
          labels={labels}
          images={facts?.images}
          isCrossValidated={Boolean(crossValidation.document?.labels)}
          onPropose={setProposal}
        >
          {allImages(true)}
        </EvaluationSection>
      )}
      {!result?.evaluation && allImages(false)}
      {result?.serviceValidation && <ServiceValidationSection validation={result.serviceValidation} />}
      {facts?.images && <Usage images={facts.images} groups={facts.groups} />}
      {facts && (
        <ClassBars
          labels={facts.labels}
          dropped={facts.droppedClasses}
          minClassImages={facts.minClassImages}
        />
      )}
      {labels.length > 0 && <Gallery key={version} dataset={dataset} labels={labels} />}
      {facts && (
        <RunFindings
          dataset={dataset}
          version={version}
          findings={facts.findings.filter(({ message }) => message !== result?.message)}
          labels={labels}
        />
      )}
      {version !== null && (facts?.images?.rejected ?? progress.images.rejected) > 0 && facts && (
        <Rejected dataset={dataset} version={version} />
      )}
      {newest && (
        <TryModel
          dataset={dataset}
          labels={labels}
          newest={newest.model.modelVersion}
          own={progress.training?.modelVersion}
        />
      )}
      {newest && <ModelUse card={newest} />}
      <Versions dataset={dataset} models={models} />
      <DatasetHistory dataset={dataset} models={models} />
      {unreadable.map(({ modelVersion, problem }) => (
        <p key={modelVersion} class="problem">
          The model card {modelVersion} cannot be read. {inPageWords(problem)}
        </p>
      ))}
      {result && <Downloads dataset={dataset} hasReport={hasReport} isValid={isValid} />}
      {result && (
        <RunAgain
          dataset={dataset}
          message={result.message}
          classes={[...labels, ...(facts?.droppedClasses ?? []).map(({ label }) => label)]}
          isDone={result.outcome === 'done'}
          proposal={proposal}
          onStarted={onStarted}
        />
      )}
      {result && <DeleteDataset dataset={dataset} isExamining={Boolean(crossValidation.document?.running)} />}
      {!result && (
        <Cancel dataset={dataset} training={progress.training !== null} done={progress.images.done} />
      )}
    </>
  );
}

function Elsewhere({ href, children }: { href: string; children: string }) {
  return (
    <>
      {' · '}
      <a href={href} target="_blank" rel="noreferrer">
        {children}
      </a>
    </>
  );
}

/**
 * Expected hours of a training by Rekognition. The document has them only while the run waits for approval, so they are
 * kept. The emulator trains within minutes, and the document does not say how many.
 */
function useExpectedHours({ approval }: Progress): number | undefined {
  const [hours, setHours] = useState<number>();
  const trainer = approval?.trainer;
  const estimated = trainer?.kind === 'emulator' ? undefined : trainer?.estimatedHours;
  useEffect(() => {
    if (estimated !== undefined) setHours(estimated);
  }, [estimated]);
  return hours;
}

const hoursOf = (seconds: number | undefined) => (seconds === undefined ? undefined : seconds / 3600);

function Cancel({ dataset, training, done }: { dataset: string; training: boolean; done: number }) {
  const [problem, setProblem] = useState('');
  const [requested, setRequested] = useState(false);
  const cancel = () => {
    const loss = training
      ? 'The training itself cannot be stopped: it is charged, and its model card is still written.'
      : `Preprocessed images (${count(done)}) are kept for the next run.`;
    if (!confirm(`Cancel the run of ${dataset}? ${loss}`)) return;
    setRequested(true);
    api.cancel(dataset).then(
      () => undefined,
      (error: Error) => {
        setRequested(false);
        setProblem(error.message);
      },
    );
  };
  return (
    <section class="cancel">
      <button type="button" class="danger" disabled={requested} onClick={cancel}>
        {requested ? 'Cancelling …' : 'Cancel the run'}
      </button>
      <Problem text={problem} />
    </section>
  );
}
