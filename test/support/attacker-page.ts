import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request that the attacker's page sends. `headers` make a browser ask the server first (a preflight). */
export interface Attack {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  /** The body: text, or `form` for a file in a multipart form. */
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What an attacker knows of the stack: more than a page could find out. */
export interface Target {
  readonly bucket: string;
  readonly key: string;
  /** The id of the object's bytes in SeaweedFS's volume server. */
  readonly fileId: string;
  readonly workflowId: string;
  /** Distinguishes what this attack creates. */
  readonly mark: string;
}

/** Requests whose responses would show data. */
export function readAttacks({ bucket, key, fileId, workflowId }: Target): Attack[] {
  const paths = [
    ...['/', '/metrics', '/status', '/healthz', '/debug/pprof/', '/openapi.json', '/datasets'],
    ...['/dir/status', '/dir/assign', '/vol/status', '/cluster/status', '/ui/index.html', '/stats/disk'],
    ...[`/dir/lookup?volumeId=${fileId}`, `/${fileId}`, `/${bucket}/${key}`, `/${bucket}?list-type=2`],
    ...[`/buckets/${bucket}/`, `/buckets/${bucket}/${key}`, `/buckets/${bucket}/${key}?metadata=true`],
    ...['/api/v1/namespaces', '/api/v1/namespaces/default/workflows', '/namespaces/default/workflows'],
    `/api/v1/namespaces/default/workflows/${encodeURIComponent(workflowId)}`,
  ];
  return paths.map((path) => ({ path }));
}

/** Requests that would overwrite or delete the object, plant others, or start, signal and end workflows. */
export function writeAttacks({ bucket, key, fileId, workflowId, mark }: Target): Attack[] {
  const object = [`/${bucket}/${key}`, `/buckets/${bucket}/${key}`, `/${fileId}`];
  const planted = [`/${bucket}/planted-${mark}`, `/buckets/${bucket}/planted-${mark}`];
  const start = JSON.stringify({ workflowType: { name: 'planted' }, taskQueue: { name: 'nobody' } });
  const text = { 'content-type': 'text/plain' };
  return [
    ...planted.map((path) => ({ method: 'POST' as const, path, body: 'form' })),
    ...planted.map((path) => ({ method: 'PUT' as const, path, body: 'planted' })),
    ...['/api/v1', ''].flatMap((prefix) => {
      const workflows = `${prefix}/namespaces/default/workflows`;
      return [
        { method: 'POST' as const, path: `${workflows}/planted-${mark}`, body: start, headers: text },
        ...['signal/planted', 'cancel', 'terminate'].map((action) => ({
          ...{ method: 'POST' as const, path: `${workflows}/${workflowId}/${action}` },
          ...{ body: '{}', headers: text },
        })),
      ];
    }),
    { path: `/data-presign?filename=a.zip&size=5&dataset=planted-${mark}` },
    { method: 'POST', path: '/notify-upload', body: JSON.stringify({ key, dataset: 'x' }), headers: text },
    {
      ...{ method: 'POST', path: '/', body: JSON.stringify({ ProjectName: `planted-${mark}` }) },
      headers: { 'x-amz-target': 'RekognitionService.CreateProject' },
    },
    { method: 'POST', path: '/submit', body: 'form' },
    ...object.map((path) => ({ method: 'POST' as const, path, body: 'form' })),
    ...object.map((path) => ({ method: 'PUT' as const, path, body: 'overwritten' })),
    ...object.map((path) => ({ method: 'DELETE' as const, path })),
    { path: `/col/delete?collection=${bucket}` },
  ];
}

/**
 * The script of the page. `readable` returns the paths whose responses it can read, or show as an image; a refusal is
 * not data. `send` sends requests and ignores what comes back. Each request is tried in both modes of fetch, since one
 * without a preflight reaches servers whose responses the page cannot read.
 */
const SCRIPT = `
const PATIENCE_MS = 20000;
const form = () => { const data = new FormData(); data.append('file', new Blob(['overwritten']), 'a.jpg'); return data; };
const call = (origin, { method = 'GET', path, body, headers }, mode) =>
  fetch(origin + path, { method, headers, mode, body: body === 'form' ? form() : body, signal: AbortSignal.timeout(PATIENCE_MS) });
const shows = (url) => new Promise((resolve) => {
  const image = new Image();
  image.onload = () => resolve(true);
  image.onerror = () => resolve(false);
  setTimeout(() => resolve(false), PATIENCE_MS);
  image.src = url;
});
const reads = async (origin, attack) => {
  try {
    const response = await call(origin, attack, 'cors');
    return response.ok && (await response.text()) !== '';
  } catch { return false; }
};
window.readable = async (origin, attacks) => {
  const found = await Promise.all(attacks.map(async (attack) =>
    ((await reads(origin, attack)) || (await shows(origin + attack.path))) ? [attack.path] : []));
  return found.flat();
};
window.send = async (origin, attacks) => {
  for (const attack of attacks) {
    for (const mode of ['no-cors', 'cors']) await call(origin, attack, mode).catch(() => undefined);
  }
};`;

/** Serves the attacker's page. Its host name differs from the stack's, so that each request is cross-site. */
export async function serveAttackerPage(): Promise<{ url: string; stop: () => Promise<void> }> {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end(`<script>${SCRIPT}</script>`);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://localhost:${port}/`,
    stop: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
