/** The worker thread that `fitInWorker` starts. */
import { parentPort, workerData } from 'node:worker_threads';
import { fitSlidingWindows } from './fit.js';
import type { FitJob, FromThread, ToThread } from './messages.js';
import type { Picture } from './picture.js';

const port = parentPort;
if (!port) throw new Error('This file runs only as a worker thread of the emulator.');

const waiting: ((picture: Picture) => void)[] = [];
port.on('message', (picture: ToThread) => waiting.shift()?.(picture));

const send = (message: FromThread) => port.postMessage(message);
const { pictures, seed } = workerData as FitJob;
const fitted = await fitSlidingWindows(
  pictures,
  (need) =>
    new Promise((resolve) => {
      waiting.push(resolve);
      send({ need });
    }),
  seed,
);
send({ fitted });
port.close();
