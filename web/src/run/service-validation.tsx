import type { ServiceValidation } from '../../../src/contracts/workflow-io.js';
import {
  codesText,
  countText,
  hasReports,
  imageText,
  incompleteText,
  type ReportedSet,
  reportedSets,
} from '../../../src/custom-labels/validation-text.js';
import { plural } from '../format.js';

/** The images that the training service reported, with its codes. Shows nothing if it reported none. */
export function ServiceValidationSection({ validation }: { validation: ServiceValidation }) {
  if (!hasReports(validation)) return null;
  const { errors, problem } = validation;
  return (
    <section aria-labelledby="service-title">
      <h2 id="service-title">Reported by the training service</h2>
      <ul class="findings">
        {errors.length > 0 && <li class="error">Errors of both manifests together: {errors.join(', ')}.</li>}
        {reportedSets(validation).map((one) => (
          <Reported key={one.set} one={one} />
        ))}
        {problem !== null && <li class="warning">{incompleteText(problem)}</li>}
      </ul>
    </section>
  );
}

function Reported({ one }: { one: ReportedSet }) {
  const { errors, reported, examples } = one.validation;
  return (
    <li class={errors.length > 0 ? 'error' : 'warning'}>
      {errors.length > 0 && (
        <p>
          Errors of the {one.set} manifest: {errors.join(', ')}.
        </p>
      )}
      {reported > 0 && (
        <p>
          {countText(one)}: {codesText(one.validation)}.
        </p>
      )}
      {examples.length > 0 && (
        <details>
          <summary>{plural(examples.length, 'example')}</summary>
          <ul>
            {examples.map((line) => (
              <li key={line.line}>{imageText(one, line)}</li>
            ))}
          </ul>
        </details>
      )}
    </li>
  );
}
