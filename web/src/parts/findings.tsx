import type { Finding } from '../../../src/contracts/workflow-io.js';
import { count } from '../format.js';
import { inLabels } from '../setting-labels.js';

/** Findings of the validation, errors first, each with its cases in a closed section. */
export function Findings({ findings }: { findings: readonly Finding[] }) {
  if (findings.length === 0) return null;
  const errorsFirst = [...findings].sort((a, b) => a.severity.localeCompare(b.severity));
  return (
    <section aria-labelledby="findings-title">
      <h2 id="findings-title">Findings</h2>
      <ul class="findings">
        {errorsFirst.map(({ code, severity, message, count: cases, examples }, i) => (
          <li key={`${code}-${i}`} class={severity}>
            <p>
              <span class="severity">{severity === 'error' ? 'Error' : 'Warning'}</span> {inLabels(message)}{' '}
              <code>{code}</code>
            </p>
            {examples.length > 0 && (
              <details>
                <summary>
                  {cases > examples.length
                    ? `${count(examples.length)} of ${count(cases)} cases`
                    : `${count(examples.length)} ${examples.length === 1 ? 'case' : 'cases'}`}
                </summary>
                <ul>
                  {examples.map((example) => (
                    <li key={example}>{inLabels(example)}</li>
                  ))}
                </ul>
              </details>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
