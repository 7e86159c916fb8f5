/** The thread of a detector: fits it if it is not fitted yet, then detects on each picture that arrives. */
import { parentPort, workerData } from 'node:worker_threads';
import { fitSlidingWindows } from './fit.js';
import type { FromThread, ThreadInput, ToThread } from './messages.js';
import type { Picture } from './picture.js';
import { SlidingWindowDetector } from './sliding-windows.js';

const port = parentPort;
if (!port) throw new Error('This file runs only as a worker thread of the emulator.');

const send = (message: FromThread) => port.postMessage(message);
const input = workerData as ThreadInput;

const waiting: ((picture: Picture) => void)[] = [];
const take = (picture: ToThread) => waiting.shift()?.(picture);
const request = (need: number) =>
  new Promise<Picture>((resolve) => {
    waiting.push(resolve);
    send({ need });
  });

port.on('message', take);
const fitted =
  'fit' in input ? await fitSlidingWindows(input.fit.pictures, request, input.fit.seed) : input.fitted;
const detector = new SlidingWindowDetector(fitted);
port.off('message', take);
port.on('message', (picture: ToThread) => send({ detections: detector.detect(picture) }));
send({ fitted });
