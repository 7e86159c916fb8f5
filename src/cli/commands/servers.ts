import { type Command, InvalidArgumentError } from 'commander';
import { isSocketAddress, METRICS_ADDRESS_RULE } from '../../config/environment-schema.js';
import { helpEnd } from '../output/exit-codes.js';
import { readServiceConfiguration } from '../services.js';
import { parsePort } from './up.js';

const PROCESSES_HELP = `
CURATOR_PROCESSES sets the number of processes that preprocess images. The default is one per processor, fewer if memory is short.`;

/** The long-running processes: worker and endpoint. */
export function registerServers(program: Command): void {
  program
    .command('worker')
    .description('run a worker until SIGINT or SIGTERM; prints {"ready":true} once it polls')
    .option(
      '--metrics <address>',
      'serve Prometheus metrics on this IP address and port, at /metrics; default: METRICS_ADDRESS, else none',
      parseMetricsAddress,
    )
    .addHelpText('after', PROCESSES_HELP)
    .addHelpText(
      'after',
      helpEnd('TEMPORAL_ADDRESS=127.0.0.1:7233 BUCKET=dermavision-offline curator worker'),
    )
    .action(async ({ metrics }: { metrics?: string }) => {
      const { runWorker } = await import('../../worker.js');
      await runWorker(readServiceConfiguration({}, metrics ? { METRICS_ADDRESS: metrics } : {}));
    });
  program
    .command('serve')
    .description(
      'serve the HTTP endpoint until SIGINT or SIGTERM; prints {"ready":true,"url":…} once it listens',
    )
    .option('--port <port>', 'port to listen on', parsePort, 8000)
    .option(
      '--host <address>',
      'address to listen on; CURATOR_TOKENS is required for other addresses than loopback',
      '127.0.0.1',
    )
    .option(
      '--base-path <path>',
      'base path of all routes, for a proxy that does not strip it',
      parseBasePath,
      '',
    )
    .addHelpText('after', helpEnd('curator serve --port 8000'))
    .action(async (options: { port: number; host: string; basePath: string }) => {
      const { runEndpoint } = await import('../../endpoint/run.js');
      await runEndpoint(readServiceConfiguration(), options);
    });
}

function parseMetricsAddress(text: string): string {
  if (!isSocketAddress(text)) throw new InvalidArgumentError(`Expected ${METRICS_ADDRESS_RULE}.`);
  return text;
}

function parseBasePath(text: string): string {
  const path = text.replace(/\/$/, '');
  if (path !== '' && !/^(\/[\w.~-]+)+$/.test(path))
    throw new InvalidArgumentError('Expected a path such as /curator.');
  return path;
}
