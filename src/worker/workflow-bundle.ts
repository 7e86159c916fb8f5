import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** Written beside the bundle when it is built: a bundle of another SDK version or another build must not run. */
const stampSchema = z.object({ sdkVersion: z.string(), sha256: z.string() });

/** The bundle is in dist/; tests run from src/ beside it. */
const DIST = new URL(import.meta.url.includes('/dist/') ? '../' : '../../dist/', import.meta.url);
const BUNDLE = fileURLToPath(new URL('workflows.bundle.js', DIST));
const STAMP = fileURLToPath(new URL('workflows.bundle.json', DIST));

/**
 * Returns the path of the prebuilt workflow bundle. With it a worker starts without running webpack.
 *
 * @throws Error if the bundle is missing, was changed, or was built with another SDK version than the installed one
 */
export async function checkedBundle(): Promise<{ codePath: string }> {
  const [code, stampText] = await Promise.all([readFile(BUNDLE), readFile(STAMP, 'utf8')]).catch(() => {
    throw new Error('The workflow bundle is missing: run `npm run build`.');
  });
  const stamp = stampSchema.parse(JSON.parse(stampText));
  const sdkVersion = await installedSdkVersion();
  if (stamp.sdkVersion !== sdkVersion) {
    throw new Error(
      `The workflow bundle was built with Temporal SDK ${stamp.sdkVersion}, but ${sdkVersion} is installed: run \`npm run build\`.`,
    );
  }
  if (createHash('sha256').update(code).digest('hex') !== stamp.sha256) {
    throw new Error('The workflow bundle was changed after it was built: run `npm run build`.');
  }
  return { codePath: BUNDLE };
}

async function installedSdkVersion(): Promise<string> {
  const path = createRequire(import.meta.url).resolve('@temporalio/workflow/package.json');
  return z.object({ version: z.string() }).parse(JSON.parse(await readFile(path, 'utf8'))).version;
}
