// Generates three things from rooms.json: the lint rule for the direction of imports in biome.rooms.json, the table of rooms in
// docs/architecture.md, and each room's README. `node scripts/write-rooms.mjs --check` only compares, and fails if a file differs.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const read = (path) => readFileSync(at(path), 'utf8');

const { lines } = JSON.parse(read('rooms.json'));
const BEGIN = '<!-- rooms: generated from rooms.json -->';
const END = '<!-- /rooms -->';

const files = {
  'biome.rooms.json': lintRules(),
  'docs/architecture.md': architecture(),
  ...Object.fromEntries(
    lines.flat().map(({ room, holds }) => [`src/${room}/README.md`, readme(room, holds)]),
  ),
};
const different = Object.entries(files).filter(([path, text]) => !isWritten(path, text));
if (process.argv.includes('--check')) {
  for (const [path] of different) {
    process.stderr.write(`${path} does not follow rooms.json: run \`node scripts/write-rooms.mjs\`.\n`);
  }
  process.exitCode = different.length === 0 ? 0 : 1;
} else {
  for (const [path, text] of different) writeFileSync(at(path), text);
}

/** Whether the file has this content. JSON is compared by value, because the formatter changes its layout. */
function isWritten(path, text) {
  if (!existsSync(at(path))) return false;
  if (!path.endsWith('.json')) return read(path) === text;
  return JSON.stringify(JSON.parse(read(path))) === JSON.stringify(JSON.parse(text));
}

function lintRules() {
  const overrides = lines.flatMap((line, depth) => line.map(({ room }) => override(room, depth)));
  return `${JSON.stringify({ overrides }, null, 2)}\n`;
}

/** The lint override of a room: it forbids imports from rooms of the same line and of the lines above. */
function override(room, depth) {
  const forbidden = lines
    .slice(0, depth + 1)
    .flat()
    .map((other) => other.room)
    .filter((other) => other !== room);
  return {
    includes: [`src/${room}/**`, ...entryFile(room)],
    linter: {
      rules: {
        style: {
          noRestrictedImports: {
            level: 'error',
            options: {
              patterns: [
                {
                  group: forbidden.flatMap((other) => specifiers(other, room)),
                  message: `${room}/ may import only rooms below it: see rooms.json.`,
                },
              ],
            },
          },
        },
      },
    },
  };
}

/** The entry file of a room outside its folder, such as src/worker.ts; empty if there is none. */
function entryFile(room) {
  return existsSync(at(`src/${room}.ts`)) ? [`src/${room}.ts`] : [];
}

/** Patterns of the import specifiers by which files of `from` can name files of `room`. */
function specifiers(room, from) {
  const [parent, name] = room.split('/');
  // Imports between rooms of dataset/ do not contain the name of the common folder.
  if (name && from.startsWith(`${parent}/`)) return [`../${name}/**`];
  const [entry] = entryFile(room);
  return [`**/${room}/**`, ...(entry ? [`../${room}.js`, `../../${room}.js`] : [])];
}

function architecture() {
  const text = read('docs/architecture.md');
  const [before, after] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (before < 0 || after < 0) throw new Error(`docs/architecture.md lacks ${BEGIN} … ${END}.`);
  const rows = lines.flatMap((line, depth) =>
    line.map(({ room, holds }) => `| ${depth + 1} | \`src/${room}/\` | ${holds} |`),
  );
  const table = ['| line | room | holds |', '| --- | --- | --- |', ...rows].join('\n');
  return `${text.slice(0, before + BEGIN.length)}\n${table}\n${text.slice(after)}`;
}

function readme(room, holds) {
  return `# ${room}\n\n${holds}\n`;
}
