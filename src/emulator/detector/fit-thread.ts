/** The thread that fitInWorker starts. */
import { parentPort, workerData } from 'node:worker_threads';
import { fitSlidingWindows } from './fit.js';
import type { FitJob, FromThread, ToThread } from './messages.js';
import type { Picture } from './picture.js';

const port = parentPort;
if (!port) throw new Error('This file is a thread of the emulator, not a program.');

const waiting: ((picture: Picture) => void)[] = [];
port.on('message', (picture: ToThread) => waiting.shift()?.(picture));

const tell = (message: FromThread) => port.postMessage(message);
const { pictures, seed } = workerData as FitJob;
const fitted = await fitSlidingWindows(
  pictures,
  (need) =>
    new Promise((resolve) => {
      waiting.push(resolve);
      tell({ need });
    }),
  seed,
);
tell({ fitted });
port.close();
