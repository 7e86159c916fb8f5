import type { InputHTMLAttributes } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Field, fullText } from '../parts/field.js';

/** A text that is checked while it is typed. Only accepted texts are reported; others stay in the field, marked. */
export function TypedField({
  label,
  value,
  attributes,
  problemOf,
  isSame = (text) => text === value,
  onChange,
}: {
  label: string;
  value: string;
  attributes: InputHTMLAttributes<HTMLInputElement>;
  /** What is wrong with the text of the input; empty if it is accepted. */
  problemOf: (input: HTMLInputElement) => string;
  /** Whether a text that was typed means the value. */
  isSame?: (text: string) => boolean;
  onChange: (text: string) => void;
}) {
  const [text, setText] = useState(value);
  const [problem, setProblem] = useState('');
  const input = useRef<HTMLInputElement>(null);
  // A button of a finding may have changed the value.
  useEffect(() => {
    input.current?.setCustomValidity('');
    setProblem('');
    setText((typed) => (isSame(typed) ? typed : value));
  }, [value]);
  return (
    <Field
      label={label}
      problem={problem}
      note={fullText(text, Number(attributes.maxLength ?? Number.POSITIVE_INFINITY))}
      input={(marked) => (
        <input
          {...attributes}
          {...marked}
          ref={input}
          value={text}
          onInput={({ currentTarget }) => {
            currentTarget.setCustomValidity('');
            const found = problemOf(currentTarget);
            currentTarget.setCustomValidity(found);
            setText(currentTarget.value);
            setProblem(found);
            if (found === '') onChange(currentTarget.value);
          }}
        />
      )}
    />
  );
}
