import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

/** Attributes of an input: its name for the label, and those that say whether its value is accepted, and where the problem is described. */
export interface Marked {
  readonly id: string;
  readonly 'aria-invalid': boolean;
  readonly 'aria-describedby': string | undefined;
}

/** A labelled input with what is wrong with its value below it. */
export function Field({
  label,
  problem = '',
  note = '',
  input,
}: {
  label: ComponentChildren;
  /** Empty for an accepted value. */
  problem?: string;
  /** Something to know about an accepted value. */
  note?: string;
  input: (marked: Marked) => ComponentChildren;
}) {
  const id = useId();
  const problemId = `${id}-problem`;
  const isInvalid = problem !== '';
  return (
    <div class="field">
      <label for={id}>
        {label}
        {input({ id, 'aria-invalid': isInvalid, 'aria-describedby': isInvalid ? problemId : undefined })}
      </label>
      {note !== '' && (
        <p class="minor" role="status">
          {note}
        </p>
      )}
      {isInvalid && (
        <p id={problemId} class="problem" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}

/** What is said of a text that is as long as its field allows, where more is not accepted; else empty. */
export const fullText = (text: string, maximum: number): string =>
  text.length < maximum ? '' : `The maximum of ${maximum} characters is reached. More is not accepted.`;
