// Bundles the workflows at build time, so that workers start without webpack, and writes a stamp for the bundle.
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

const dist = (path) => fileURLToPath(new URL(`../dist/${path}`, import.meta.url));

const { code } = await bundleWorkflowCode({
  workflowsPath: dist('workflows/index.js'),
  logger: new DefaultLogger('WARN'),
});
writeFileSync(dist('workflows.bundle.js'), code);
const { version } = createRequire(import.meta.url)('@temporalio/workflow/package.json');
const stamp = { sdkVersion: version, sha256: createHash('sha256').update(code).digest('hex') };
writeFileSync(dist('workflows.bundle.json'), `${JSON.stringify(stamp)}\n`);
