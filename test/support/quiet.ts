import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker';

/** Workers in tests say nothing but errors; call it before the first of a file is made. */
export function quietTemporal(): void {
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: {
      logging: { filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }), forward: {} },
    },
  });
}
