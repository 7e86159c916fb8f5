import fc from 'fast-check';

/** A change of some bytes. `at` is taken modulo the length. */
interface ByteEdit {
  readonly kind: 'set' | 'number' | 'insert' | 'remove' | 'repeat';
  readonly at: number;
  readonly length: number;
  readonly value: number;
}

/** Values at the borders of the fields that binary formats have. */
const BORDERS = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];

const byteEdit: fc.Arbitrary<ByteEdit> = fc.record({
  kind: fc.constantFrom('set', 'set', 'set', 'number', 'number', 'insert', 'remove', 'repeat'),
  at: fc.nat(),
  length: fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 5_000 })),
  value: fc.oneof(fc.constantFrom(...BORDERS), fc.nat(255)),
});

/** A few changes of bytes. */
export const byteEdits = fc.array(byteEdit, { minLength: 1, maxLength: 8 });

export function editBytes(bytes: Buffer, edits: readonly ByteEdit[]): Buffer {
  return edits.reduce<Buffer>((edited, edit) => editOnce(edited, edit), bytes);
}

function editOnce(bytes: Buffer, { kind, at: place, length, value }: ByteEdit): Buffer {
  const at = bytes.length === 0 ? 0 : place % bytes.length;
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
  switch (kind) {
    case 'set':
      return Buffer.concat([before, Buffer.from([value & 255]), after.subarray(1)]);
    case 'number': {
      const number = Buffer.alloc(4);
      if (length % 2 === 0) number.writeUInt32LE(value);
      else number.writeUInt32BE(value);
      return Buffer.concat([before, number, after.subarray(4)]);
    }
    case 'insert':
      return Buffer.concat([before, Buffer.alloc(length, value & 255), after]);
    case 'remove':
      return Buffer.concat([before, after.subarray(length)]);
    case 'repeat':
      return Buffer.concat([before, after.subarray(0, length), after]);
  }
}

/** Numbers and texts that programs tend to mishandle. */
const HOSTILE: readonly unknown[] = [
  ...[null, true, -1, 0, 0.5, 1e308, -1e308, 5e-324, 2 ** 31, 2 ** 53 + 2, 1e21],
  ...['', '0', '1e3', '\0', '\ud800', '../../x', '__proto__', 'constructor', '\u202e', 'x'.repeat(2_000)],
  ...[[], {}, [[[[[]]]]], [1, 2, 3], { length: 5 }, { toString: null }],
];

const jsonEdit = fc.record({
  kind: fc.constantFrom('replace', 'replace', 'replace', 'remove', 'repeat', 'rename', 'exchange'),
  node: fc.nat(),
  other: fc.nat(),
  value: fc.oneof(fc.constantFrom(...HOSTILE), fc.jsonValue({ maxDepth: 3 })),
});

/** A few changes of the nodes of a JSON document. */
export const jsonEdits = fc.array(jsonEdit, { minLength: 1, maxLength: 6 });
type JsonEdit = typeof jsonEdit extends fc.Arbitrary<infer T> ? T : never;

/** A member of an object or array: `holder[key]`. */
interface Node {
  readonly holder: object;
  readonly key: string;
}

export function editJson(document: unknown, edits: readonly JsonEdit[]): unknown {
  const root = { root: structuredClone(document) };
  for (const edit of edits) {
    const nodes = nodesOf(root);
    const [node, other] = [nodes[edit.node % nodes.length], nodes[edit.other % nodes.length]];
    if (node && other) editNode(node, other, edit);
  }
  return root.root;
}

function editNode(node: Node, other: Node, { kind, value }: JsonEdit): void {
  const { holder, key } = node;
  if (kind === 'replace') Reflect.set(holder, key, structuredClone(value));
  else if (kind === 'remove') Reflect.deleteProperty(holder, key);
  else if (kind === 'rename') Reflect.set(holder, `${key} `, Reflect.get(holder, key));
  else if (kind === 'exchange')
    Reflect.set(holder, key, structuredClone(Reflect.get(other.holder, other.key)));
  else if (Array.isArray(holder)) holder.push(...Array.from({ length: 3 }, () => structuredClone(holder[0])));
}

/** Maximum nodes that edits choose from, so that repeated copies of a document do not slow the next edit down. */
const MAX_NODES = 20_000;

function nodesOf(root: object): Node[] {
  const nodes: Node[] = [];
  const holders = [root];
  for (let holder = holders.pop(); holder && nodes.length < MAX_NODES; holder = holders.pop()) {
    for (const [key, value] of Object.entries(holder)) {
      nodes.push({ holder, key });
      if (typeof value === 'object' && value !== null) holders.push(value);
    }
  }
  return nodes;
}

/** The value that an arbitrary gives for a seed. */
export function drawn<T>(arbitrary: fc.Arbitrary<T>, seed: number): T {
  const [value] = fc.sample(arbitrary, { seed, numRuns: 1 });
  if (value === undefined) throw new Error('The arbitrary gives no value.');
  return value;
}
