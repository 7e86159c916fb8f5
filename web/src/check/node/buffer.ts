import { Buffer } from 'buffer/';

// The rooms that check archives use the global Buffer of Node.
Object.assign(globalThis, { Buffer });
