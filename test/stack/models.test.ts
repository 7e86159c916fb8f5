import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import sharp from 'sharp';
import { type IngestResult, stopModelWorkflowId } from '../../src/contracts/workflow-io.js';
import { type ModelRef, ModelRunner, parseModelArn } from '../../src/models/model-runner.js';
import { createRekognitionClient } from '../../src/training/client.js';
import { picture, roboflowArchive } from '../support/archives.js';
import { awsOf } from '../support/aws.js';
import { startCli, startReady, stopProcess } from '../support/cli.js';
import { useCommands } from '../support/commands.js';
import { startTestServices } from '../support/services.js';

describe('curator detect and curator models', () => {
  const cli = useCommands();
  const ends: (() => Promise<unknown>)[] = [];
  let env: Readonly<Record<string, string>>;
  let temporal: Client;
  let runner: ModelRunner;
  let model: ModelRef;
  let photo: string;

  beforeAll(async () => {
    const services = await startTestServices();
    ends.push(services.stop);
    const { home } = services;
    env = services.env;
    const { child: worker } = await startReady(['worker'], env);
    ends.push(() => stopProcess(worker));
    const connection = await Connection.connect({ address: services.temporal.address });
    ends.push(() => connection.close());
    temporal = new Client({ connection });
    runner = new ModelRunner(createRekognitionClient(awsOf(env)));

    const zip = join(home, 'set.zip');
    writeFileSync(zip, await roboflowArchive(20));
    const ingest = await cli(['ingest', zip, '--dataset', 'set', '--json', '--min-class-images', '2'], env);
    const result: IngestResult = JSON.parse(ingest.stdout);
    const parsed = parseModelArn(result.training?.projectVersionArn ?? '');
    if (!parsed) throw new Error(`No model: ${result.message}`);
    model = parsed;
    photo = join(home, 'photo.jpg');
    // Twice as large as the training images, and stored rotated with an EXIF orientation.
    const upright = await sharp(await picture(3))
      .resize(192, 160)
      .toBuffer();
    writeFileSync(photo, await sharp(upright).rotate(270).withMetadata({ orientation: 6 }).jpeg().toBuffer());
  });
  afterAll(async () => {
    for (const end of ends.reverse()) await end();
  });

  const status = async () => (await runner.status(model)).status;
  /** The final status of the guard's workflow; the command only signals it. */
  const guardEnded = async () => {
    const handle = temporal.workflow.getHandle(stopModelWorkflowId(model));
    await handle.result().catch(() => {});
    return (await handle.describe()).status.name;
  };

  it('detect starts the latest model, returns boxes on the upright photo, and stops the model', async () => {
    const args = ['detect', photo, photo, '--model', 'latest', '--dataset', 'set', '--json'];
    const { code, stdout, stderr } = await cli(args, env);
    expect(stderr).toMatch(/^Starting arn:.*\nStopping the model …$/m);
    expect(code).toBe(0);
    const [first, second] = JSON.parse(stdout);
    expect(first).toMatchObject({ photo, width: 192, height: 160 });
    expect(first.labels.length).toBeGreaterThan(0);
    for (const { label, confidence, box } of first.labels) {
      expect(label).toMatch(/^class-\d$/);
      expect(confidence).toBeGreaterThan(0);
      expect(box.left + box.width).toBeLessThanOrEqual(1.001);
    }
    expect(second.labels).toEqual(first.labels);
    expect(await status()).toBe('STOPPED');
    expect(await guardEnded()).toBe('CANCELLED');
  });

  it('detect reports boxes from --min-confidence on, instead of from the thresholds of the model', async () => {
    const args = ['detect', photo, '--model', 'latest', '--dataset', 'set', '--json', '--min-confidence'];
    const confidences = async (minimum: string): Promise<number[]> => {
      const { stdout } = await cli([...args, minimum], env);
      return JSON.parse(stdout)[0].labels.map(({ confidence }: { confidence: number }) => confidence);
    };
    const all = await confidences('0');
    const median = [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0;
    expect(all.length).toBeGreaterThan(1);
    expect(await confidences(`${median}`)).toEqual(all.filter((confidence) => confidence >= median));
    expect(await cli([...args, '101'], env)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Expected a number from 0 to 100.'),
    });
  });

  it('detect draws its boxes onto the photo', async () => {
    const drawn = join(env.CURATOR_HOME ?? '', 'drawn.jpg');
    const arn = model.projectVersionArn;
    const { code, stdout } = await cli(['detect', photo, '--model', arn, '--draw', drawn], env);
    expect(code).toBe(0);
    expect(stdout).toMatch(/photo\.jpg \(192 x 160\)\n {2}class-\d .* %/);
    const [before, after] = await Promise.all(
      [readFileSync(photo), readFileSync(drawn)].map((bytes) =>
        sharp(bytes).autoOrient().raw().toBuffer({ resolveWithObject: true }),
      ),
    );
    expect(after?.info).toMatchObject({ width: 192, height: 160 });
    const changed = before?.data.filter((value, i) => Math.abs(value - (after?.data[i] ?? 0)) > 100);
    expect(changed?.length).toBeGreaterThan(100);
  });

  it('detect stops the model on Ctrl-C', async () => {
    const args = ['detect', ...Array<string>(200).fill(photo), '--model', 'latest', '--dataset', 'set'];
    const child = startCli(args, env);
    if (!child.stderr) throw new Error('The command has no output.');
    for await (const line of createInterface({ input: child.stderr })) {
      if (line.startsWith('Starting')) child.kill('SIGINT');
    }
    if (child.exitCode === null) await once(child, 'exit');
    expect(child.exitCode).toBe(1);
    expect(['STOPPED', 'TRAINING_COMPLETED']).toContain(await status());
    expect(await guardEnded()).toBe('CANCELLED');
  });

  it('detect leaves stopping to the guard with --stop-after', async () => {
    const args = ['detect', photo, '--model', 'latest', '--dataset', 'set', '--stop-after', '3s'];
    const { code, stderr } = await cli(args, env);
    expect(code).toBe(0);
    expect(stderr).toMatch(/The model runs until .*\. A worker stops it then/);
    await temporal.workflow.getHandle(stopModelWorkflowId(model)).result();
    expect(await status()).toBe('STOPPED');
  });

  it('detect does not stop a model that it did not start', async () => {
    const signal = new AbortController().signal;
    expect(await runner.start(model, signal)).toBe(true);
    const { code, stderr } = await cli(['detect', photo, '--model', 'latest', '--dataset', 'set'], env);
    expect(code).toBe(0);
    expect(stderr).not.toContain('Stopping');
    expect(await status()).toBe('RUNNING');
    await runner.stop(model, signal);
  });

  it.each([
    [['--model', 'my-model'], 2, /expected the ARN of a model version, or latest/],
    [['--model', 'latest'], 2, /name the dataset with --dataset/],
    [['--model', 'latest', '--dataset', 'other'], 1, /other has no model: ingest the dataset first/],
    [
      ['--model', 'latest', '--dataset', 'set', '--stop-after', 'soon'],
      2,
      /Expected a duration such as 90s, 10m or 2h/,
    ],
  ])('detect %j exits with %i and starts nothing', async (args, code, message) => {
    const ended = await cli(['detect', photo, ...args], env);
    expect(ended.code).toBe(code);
    expect(ended.stderr).toMatch(message);
    expect(await status()).toBe('STOPPED');
  });

  it('detect refuses a file that is not an image before it starts a model', async () => {
    const bad = join(env.CURATOR_HOME ?? '', 'set.zip');
    const { code, stderr } = await cli(['detect', photo, bad, '--model', 'latest', '--dataset', 'set'], env);
    expect(code).toBe(1);
    expect(stderr).toMatch(/set\.zip: The file is not an image of a known format/);
    expect(stderr).not.toContain('Starting');
  });

  it('models lists every model with its metrics, compared on the photos of both validation sets', async () => {
    const args = ['--dataset', 'set', '--json', '--min-class-images', '2', '--val-split', '0.3'];
    const ingest = await cli(['ingest', join(env.CURATOR_HOME ?? '', 'set.zip'), ...args], env);
    const second: IngestResult = JSON.parse(ingest.stdout);
    const { code, stdout } = await cli(['models', 'set', '--json'], env);
    expect(code).toBe(0);
    const [newest, older, ...others] = JSON.parse(stdout);
    expect(others).toEqual([]);
    expect(newest).toMatchObject({
      card: { model: { projectVersionArn: second.training?.projectVersionArn }, images: { val: 6 } },
      comparison: null,
    });
    expect(older.card.images.val).toBe(2);
    expect(older.comparison.photos).toBeGreaterThan(0);
    expect(older.comparison.photos).toBeLessThanOrEqual(2);
    const text = (await cli(['models', 'set'], env)).stdout;
    expect(text).toContain(`on the ${older.comparison.photos} photos that the latest was tested on too`);
    expect(text).toMatch(/local baseline, not measured by Rekognition/);
    expect((await cli(['models', 'other'], env)).stderr).toMatch(
      /other has no model: ingest the dataset first/,
    );
  });
});
