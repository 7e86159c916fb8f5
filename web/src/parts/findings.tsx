import type { ComponentChildren } from 'preact';
import type { Finding } from '../../../src/contracts/workflow-io.js';
import { nounOf } from '../../../src/dataset/model/units.js';
import { plural } from '../format.js';
import { inLabels } from '../setting-labels.js';

/** Findings of the validation, errors first, each with its count and its examples in a closed section. */
export function Findings({
  findings,
  actionOf = () => null,
}: {
  findings: readonly Finding[];
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
          <Shown key={`${finding.code}-${i}`} finding={finding} action={actionOf(finding)} />
        ))}
      </ul>
    </section>
  );
}

function Shown({ finding, action }: { finding: Finding; action: ComponentChildren }) {
  const { code, severity, message, count, examples } = finding;
  const noun = nounOf(finding);
  return (
    <li class={severity}>
      <p>
        <span class="severity">{severity === 'error' ? 'Error' : 'Warning'}</span> {inLabels(message)}{' '}
        <code>{code}</code>
        {noun && <span class="minor">: {plural(count, noun)}</span>}
      </p>
      {action}
      {examples.length > 0 && (
        <details>
          <summary>{plural(examples.length, 'example')}</summary>
          <ul>
            {examples.map((example) => (
              <li key={example}>{inLabels(example)}</li>
            ))}
          </ul>
        </details>
      )}
    </li>
  );
}
