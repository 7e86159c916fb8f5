import type { ModelCard } from '../../../src/training/model-card-schema.js';

/** The ARN of a model that Rekognition trained, with code that detects objects with it. */
export function ModelUse({ card }: { card: ModelCard }) {
  const { trainer, projectVersionArn } = card.model;
  if (trainer !== 'rekognition') return null;
  // arn:aws:rekognition:<region>:<account>:project/…
  const region = projectVersionArn.split(':')[3] ?? '';
  return (
    <section class="model-use" aria-labelledby="model-use-title">
      <h2 id="model-use-title">Use the model</h2>
      <p>
        Its ARN: <code>{projectVersionArn}</code>
      </p>
      <p>
        The model must run while it detects, and costs money for every hour that it runs. Stop it afterwards.
      </p>
      <Code title="AWS CLI" text={cliText(projectVersionArn, region)} />
      <Code title="JavaScript" text={scriptText(projectVersionArn, region)} />
    </section>
  );
}

function Code({ title, text }: { title: string; text: string }) {
  return (
    <details class="fold">
      <summary>{title}</summary>
      {/* Keyboards scroll it, so it must be focusable. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls */}
      <pre tabIndex={0}>{text}</pre>
    </details>
  );
}

const cliText = (arn: string, region: string) => `arn=${arn}
aws rekognition start-project-version --region ${region} --project-version-arn $arn --min-inference-units 1
# wait until the Rekognition console shows that the model is running: some minutes
aws rekognition detect-custom-labels --region ${region} --project-version-arn $arn --image-bytes fileb://photo.jpg
aws rekognition stop-project-version --region ${region} --project-version-arn $arn`;

const scriptText = (arn: string, region: string) => `import { readFile } from 'node:fs/promises';
import { DetectCustomLabelsCommand, RekognitionClient } from '@aws-sdk/client-rekognition';

const client = new RekognitionClient({ region: '${region}' });
const { CustomLabels } = await client.send(
  new DetectCustomLabelsCommand({
    ProjectVersionArn: '${arn}',
    Image: { Bytes: await readFile('photo.jpg') },
  }),
);
for (const { Name, Confidence, Geometry } of CustomLabels) console.log(Name, Confidence, Geometry.BoundingBox);`;
