import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { slug } from '../../../src/dataset/model/identity.js';
import { DatasetCheck } from '../dataset-check/dataset-check.js';
import { Reading } from '../dataset-check/reading.js';
import { useCheck } from '../dataset-check/use-check.js';
import { UploadBar } from '../upload/upload-bar.js';
import { useUpload } from '../upload/use-upload.js';
import { DatasetList } from './datasets.js';
import { DropArea } from './drop-area.js';
import { useDrop } from './use-drop.js';

const openRun = (dataset: string) => {
  location.hash = `#/datasets/${encodeURIComponent(dataset)}`;
};

export function Home({ onLocked }: { onLocked: () => void }) {
  const [file, setFile] = useState<File>();
  const [isValid, setIsValid] = useState(true);
  const { check, start, recheck, stop } = useCheck();
  const upload = useUpload(openRun);
  const locked = upload.uploading.state === 'failed' && upload.uploading.status === 401;
  useEffect(() => {
    if (locked) onLocked();
  }, [locked, onLocked]);

  const take = useCallback(
    (taken: File) => {
      setFile(taken);
      start(taken, slug(taken.name));
    },
    [start],
  );
  const isSending = upload.uploading.state === 'sending';
  const over = useDrop(isSending ? undefined : take);
  const leave = () => {
    upload.stop();
    stop();
    setFile(undefined);
  };
  const shown = useRef(check.state);
  useEffect(() => {
    if (shown.current !== check.state) document.querySelector<HTMLElement>('h1')?.focus();
    shown.current = check.state;
  }, [check.state]);

  if (!file || check.state === 'idle') {
    return (
      <>
        <DropArea over={over} onFile={take} />
        <DatasetList onLocked={onLocked} />
      </>
    );
  }
  if (check.state === 'reading') return <Reading file={file} progress={check.progress} onStop={leave} />;
  if (check.state === 'failed') return <CheckFailed message={check.message} onLeave={leave} />;
  const { shown: checked, wanted, samples, cases, again } = check;
  return (
    <>
      <DatasetCheck
        file={file}
        shown={checked}
        wanted={wanted}
        samples={samples}
        cases={cases}
        again={again}
        onSettings={isSending ? undefined : recheck}
        onValidity={setIsValid}
      />
      <UploadBar
        file={file}
        name={checked.result.dataset}
        fit={checked.result.fit}
        checking={again !== null}
        isValid={isValid}
        uploading={upload.uploading}
        onUpload={(dataset) => upload.start(file, dataset, checked.settings)}
        onStop={upload.stop}
        onOther={leave}
      />
    </>
  );
}

function CheckFailed({ message, onLeave }: { message: string; onLeave: () => void }) {
  return (
    <section class="panel" aria-labelledby="failed-title">
      <h1 id="failed-title" tabIndex={-1}>
        The file cannot be read
      </h1>
      <p class="problem" role="alert">
        {message}
      </p>
      <button type="button" class="primary" onClick={onLeave}>
        Choose another file
      </button>
    </section>
  );
}
