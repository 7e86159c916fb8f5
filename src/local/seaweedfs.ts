import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type AwsAccess, awsClientConfig } from '../lib/aws-access.js';
import { makeFolder } from '../lib/make-folder.js';
import { type ResolveOptions, resolveBinary } from './binaries.js';
import { acceptsConnections, freePort } from './ports.js';
import { type Server, type ServerOptions, startServer, untilReady } from './processes.js';

export interface SeaweedFs {
  readonly endpoint: string;
  readonly server: Server;
}

/** For each HTTP port, SeaweedFS uses a gRPC port that is higher by this number. */
const GRPC_OFFSET = 10_000;

/**
 * Keys of the tokens that SeaweedFS's own servers send to each other. Without them, its filer, master and volume servers
 * let any web page in the browser of this machine read and change all objects.
 */
const TOKEN_KEYS = [
  'WEED_JWT_SIGNING_KEY',
  'WEED_JWT_SIGNING_READ_KEY',
  'WEED_JWT_FILER_SIGNING_KEY',
  'WEED_JWT_FILER_SIGNING_READ_KEY',
] as const;

/**
 * Starts SeaweedFS (`weed mini`), an S3 server that stores objects in `<home>/s3`, on free ports. Only its S3 port
 * serves requests, signed ones; the HTTP ports of its other servers refuse all.
 */
export async function startSeaweedFs(
  options: ResolveOptions & {
    readonly home: string;
    readonly logs: string;
    readonly bucket: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
    readonly port?: number | undefined;
    readonly onStart?: ServerOptions['onStart'];
  },
): Promise<SeaweedFs> {
  const { path } = await resolveBinary('weed', options);
  const folder = join(options.home, 's3');
  makeFolder(folder, 'CURATOR_HOME');
  const port = await freePort({ preferred: options.port, twin: GRPC_OFFSET });
  const twinPort = async () => await freePort({ twin: GRPC_OFFSET });
  const log = join(options.logs, 'seaweedfs.log');
  const endpoint = `http://127.0.0.1:${port}`;
  const { region, credentials } = options;
  const server = startServer({
    name: 'seaweedfs',
    command: path,
    args: [
      ...['mini', `-dir=${folder}`, '-ip=127.0.0.1', '-ip.bind=127.0.0.1', `-bucket=${options.bucket}`],
      ...[`-s3.port=${port}`, `-master.port=${await twinPort()}`, `-filer.port=${await twinPort()}`],
      ...[`-volume.port=${await twinPort()}`, `-admin.port=${await twinPort()}`],
      ...['-s3.port.iceberg=0', '-s3.port.lance=0', '-admin.ui=false', '-webdav=false'],
      ...['-disableHttp', '-master.telemetry=false'],
    ],
    env: {
      ...(options.env ?? process.env),
      ...randomKeys(),
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    },
    log,
    onStart: options.onStart,
  });
  const probe = await writeProbe({ region, credentials, endpoints: { s3: endpoint } }, options.bucket);
  try {
    await untilReady(
      { name: 'seaweedfs', log, server },
      async () => (await acceptsConnections(port)) && (await probe.isWritable()),
    );
  } finally {
    probe.close();
  }
  return { endpoint, server };
}

/** New keys for each start: all servers that use them are parts of one process. */
function randomKeys(): Record<string, string> {
  return Object.fromEntries(TOKEN_KEYS.map((name) => [name, randomBytes(32).toString('base64url')]));
}

/**
 * Tells whether the bucket accepts objects: ports accept connections earlier than volumes accept objects, so it writes
 * one. Each probe is one request, because the pauses of the SDK's own retries are longer than the pause between two probes.
 */
async function writeProbe(
  aws: AwsAccess,
  bucket: string,
): Promise<{ isWritable: () => Promise<boolean>; close: () => void }> {
  // Imported here: the SDK loads while the server starts.
  const { PutObjectCommand, S3Client } = await import('@aws-sdk/client-s3');
  const client = new S3Client({
    ...awsClientConfig(aws, aws.endpoints.s3),
    forcePathStyle: true,
    maxAttempts: 1,
  });
  const put = () =>
    client.send(new PutObjectCommand({ Bucket: bucket, Key: '.curator-ready', Body: 'ready' }));
  return {
    isWritable: () =>
      put().then(
        () => true,
        () => false,
      ),
    close: () => client.destroy(),
  };
}
