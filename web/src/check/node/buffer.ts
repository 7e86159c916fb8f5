import { Buffer } from 'buffer/';

// The rooms that check archives take Buffer from where Node has it.
Object.assign(globalThis, { Buffer });
