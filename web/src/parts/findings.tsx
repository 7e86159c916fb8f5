import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Finding } from '../../../src/contracts/workflow-io.js';
import { nounOf } from '../../../src/dataset/model/units.js';
import { plural } from '../format.js';
import { inPageWords } from '../page-words.js';
import { CasePictures, type ShownCases } from './case-pictures.js';

/** Findings of the validation, errors first, each with its count, pictures of cases, and its examples in a closed section. */
export function Findings({
  findings,
  pictures,
  actionOf = () => null,
}: {
  findings: readonly Finding[];
  /** Undefined until they are loaded. */
  pictures: ShownCases | undefined;
  /** Buttons that do what the message advises; the page of a run has none. */
  actionOf?: (finding: Finding) => ComponentChildren;
}) {
  if (findings.length === 0) return null;
  const errorsFirst = [...findings].sort((a, b) => a.severity.localeCompare(b.severity));
  return (
    <section aria-labelledby="findings-title">
      <h2 id="findings-title">Findings</h2>
      <ul class="findings">
        {errorsFirst.map((finding, i) => (
          <Shown
            key={`${finding.code}-${i}`}
            finding={finding}
            pictures={pictures}
            action={actionOf(finding)}
          />
        ))}
      </ul>
    </section>
  );
}

function Shown({
  finding,
  pictures,
  action,
}: {
  finding: Finding;
  pictures: ShownCases | undefined;
  action: ComponentChildren;
}) {
  const { code, severity, message, count, examples } = finding;
  const noun = nounOf(finding);
  const cases = useMemo(
    () => pictures?.cases.filter((one) => one.code === code && examples.includes(one.example)),
    [pictures, code, examples],
  );
  return (
    <li class={severity} data-code={code}>
      <p>
        <span class="severity">{severity === 'error' ? 'Error' : 'Warning'}</span> {inPageWords(message)}
        {noun && <span class="minor"> ({plural(count, noun)})</span>}
      </p>
      {action}
      {pictures && cases && <CasePictures {...pictures} cases={cases} />}
      {examples.length > 0 && (
        <details>
          <summary>{plural(examples.length, 'example')}</summary>
          <ul>
            {examples.map((example) => (
              <li key={example}>{inPageWords(example)}</li>
            ))}
          </ul>
        </details>
      )}
    </li>
  );
}
