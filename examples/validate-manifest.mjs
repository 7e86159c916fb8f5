// Validates a training and a validation manifest by the rules of Rekognition Custom Labels. No AWS account is needed.
//   node examples/validate-manifest.mjs train.manifest val.manifest
import { readFile } from 'node:fs/promises';
import { validateManifestPair } from 'curator/ground-truth';
import { readArguments } from './arguments.mjs';

const files = readArguments('validate-manifest.mjs <train.manifest> <val.manifest>');
const [trainText, valText] = await Promise.all(files.map((file) => readFile(file, 'utf8')));
const { train, val, refusal } = validateManifestPair(trainText, valText);
for (const [index, { problems }] of [train, val].entries()) {
  for (const { line, code, message } of problems) console.log(`${files[index]}:${line} ${code} ${message}`);
}
console.log(refusal ?? 'Rekognition Custom Labels would accept both manifests.');
process.exitCode = refusal ? 1 : 0;
