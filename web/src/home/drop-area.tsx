import { useRef, useState } from 'preact/hooks';
import { bytes } from '../format.js';
import { forget, type UnfinishedUpload, unfinishedUploads } from '../upload/unfinished.js';

export function DropArea({ over, onFile }: { over: boolean; onFile: (file: File) => void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <section class={`drop ${over ? 'over' : ''}`} aria-labelledby="drop-title">
      <h1 id="drop-title" tabIndex={-1}>
        {over ? 'Drop to check' : 'Drop a ZIP of labelled images'}
      </h1>
      <p>
        A COCO export of Roboflow, CVAT, Label Studio or FiftyOne. It is checked in your browser. Nothing is
        uploaded before you see the result.
      </p>
      <input
        ref={input}
        class="hidden"
        id="archive"
        type="file"
        accept=".zip,application/zip"
        aria-label="ZIP of labelled images"
        tabIndex={-1}
        onChange={({ currentTarget }) => {
          const file = currentTarget.files?.[0];
          if (file) onFile(file);
        }}
      />
      <button type="button" class="primary" onClick={() => input.current?.click()}>
        Choose a file
      </button>
      <UnfinishedUploads />
    </section>
  );
}

/** A page cannot open a file again by itself: the upload is resumed when the person drops the file again. */
function UnfinishedUploads() {
  const [uploads, setUploads] = useState<readonly UnfinishedUpload[]>(unfinishedUploads);
  if (uploads.length === 0) return null;
  const discard = (key: string) => {
    forget(key);
    setUploads(unfinishedUploads());
  };
  return (
    <ul class="unfinished" aria-label="Interrupted uploads">
      {uploads.map(({ key, name, size, dataset }) => (
        <li key={key}>
          <span>
            The upload of <span class="filename">{name}</span> ({bytes(size)}) to {dataset} was interrupted.
            Drop the same file again to resume.
          </span>
          <button type="button" class="quiet" onClick={() => discard(key)}>
            Discard
          </button>
        </li>
      ))}
    </ul>
  );
}
