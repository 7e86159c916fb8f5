import type { Command } from 'commander';
import { servicesEnv } from '../services.js';
import { parsePort } from './up.js';

/** The long-running processes: worker and endpoint. */
export function registerServers(program: Command): void {
  program
    .command('worker')
    .description('run a worker until SIGINT or SIGTERM; prints {"ready":true} once it polls')
    .addHelpText(
      'after',
      '\nExample:\n  $ TEMPORAL_ADDRESS=127.0.0.1:7233 BUCKET=dermavision-offline curator worker',
    )
    .action(async () => {
      const { runWorker } = await import('../worker.js');
      await runWorker(servicesEnv(process.env));
    });
  program
    .command('serve')
    .description(
      'serve the HTTP endpoint until SIGINT or SIGTERM; prints {"ready":true,"url":…} once it listens',
    )
    .option('--port <port>', 'port to listen on', parsePort, 8000)
    .option(
      '--host <address>',
      'address to listen on; beyond loopback CURATOR_TOKENS is required',
      '127.0.0.1',
    )
    .addHelpText('after', '\nExample:\n  $ curator serve --port 8000')
    .action(async ({ port, host }: { port: number; host: string }) => {
      const { runEndpoint } = await import('../endpoint/run.js');
      await runEndpoint(servicesEnv(process.env), { port, host });
    });
}
