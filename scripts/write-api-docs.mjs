// Writes docs/api.md from the declarations of the package's entry modules: npm run schemas, after a build.
// `--check` only compares, and fails if the file differs.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FILE = join(ROOT, 'docs/api.md');
/** A private member of a class with its comment; in declarations it has one line. */
const PRIVATE_MEMBER = /\n +(?:\/\*\*(?:(?!\*\/).)*\*\/\n +)?private [^\n]*/gs;
const { exports } = createRequire(import.meta.url)('../package.json');

const text = `# Package API

Generated from the types by \`npm run schemas\`; do not edit. [examples/](../examples/README.md) has a program for each module.
Only these modules can be imported. Their names and types follow semantic versioning; everything else may change.

\`\`\`
npm install <path of a checkout or of a packed tarball>
\`\`\`
${Object.entries(exports)
  .filter(([, target]) => target.types)
  .map(([name, { types }]) => section(`curator/${name.slice(2)}`, join(ROOT, types)))
  .join('')}`;

if (!process.argv.includes('--check')) writeFileSync(FILE, text);
else if (!existsSync(FILE) || readFileSync(FILE, 'utf8') !== text) {
  process.stderr.write('docs/api.md does not follow the types: run `npm run schemas`.\n');
  process.exitCode = 1;
}

function section(name, file) {
  const source = file.replace('/dist/', '/src/').replace(/\.d\.ts$/, '.ts');
  const [, intro = ''] = /^\/\*\*(.*?)\*\//s.exec(readFileSync(source, 'utf8')) ?? [];
  const declarations = exportsOf(file).map(
    (one) =>
      `\n### ${one.name}\n\n${prose(one.comment)}${one.comment ? '\n' : ''}\`\`\`ts\n${one.code}\n\`\`\`\n`,
  );
  const about = prose(intro).replace(`\`${name}\`: `, '');
  return `\n## ${name}\n\n${about[0].toUpperCase()}${about.slice(1)}${declarations.join('')}`;
}

/** The exported declarations of a module, functions and classes first; re-exports are followed. */
function exportsOf(file) {
  const declarations = readFileSync(file, 'utf8').matchAll(
    /^export (?:type )?\{([^}]*)\} from '([^']+)';|^(?:\/\*\*(?:(?!\*\/).)*\*\/\n)?export (?:declare )?(?:async )?(?:function|class|interface|type|const) (\w+)/gms,
  );
  const found = [...declarations].flatMap(([, names, from, own]) =>
    own === undefined
      ? names.split(',').map((name) => ({ name: name.replace(/^\s*type /, '').trim(), from }))
      : [{ name: own, from: undefined }],
  );
  const rank = ({ code }) => (/^(?:function|class)/.test(code) ? 0 : /^const/.test(code) ? 1 : 2);
  return found
    .map(({ name, from }) => declarationOf(name, from ? resolve(dirname(file), from) : file))
    .sort((a, b) => rank(a) - rank(b));
}

/** Comment and code of a declaration, without private members of classes and bodies of long constants. */
function declarationOf(name, module) {
  const file = module.replace(/\.js$/, '.d.ts');
  const text = readFileSync(file, 'utf8');
  const start = new RegExp(
    `(?:^/\\*\\*((?:(?!\\*/).)*)\\*/\\n)?^export (?:declare )?((?:function|class|interface|type|const) ${name}\\b)`,
    'ms',
  );
  const match = start.exec(text);
  if (match) {
    const from = match.index + match[0].length - match[2].length;
    return { name, comment: match[1] ?? '', code: codeFrom(text.slice(from)) };
  }
  // Re-exported once more by that module.
  const [, , from] =
    new RegExp(`^export (?:type )?(\\{[^}]*\\b${name}\\b[^}]*\\}|\\*) from '([^']+)'`, 'm').exec(text) ?? [];
  if (!from) throw new Error(`${file} does not declare ${name}.`);
  return declarationOf(name, resolve(dirname(file), from));
}

/** A declaration ends at the first line end outside of brackets. */
function codeFrom(text) {
  let depth = 0;
  for (const [index, character] of [...text].entries()) {
    if ('{(['.includes(character)) depth += 1;
    if ('})]'.includes(character)) depth -= 1;
    if (character === '\n' && depth === 0) {
      return text.slice(0, index).replace(PRIVATE_MEMBER, '').replace(/;$/, '');
    }
  }
  return text.trimEnd();
}

/** A documentation comment as Markdown. */
function prose(comment) {
  const lines = comment.split('\n').map((line) => line.replace(/^\s*\* ?/, '').trim());
  const body = lines.join('\n').trim();
  const [about = '', ...tags] = body.split(/\n?@(?=param|throws|returns|see)/);
  const listed = tags.map((tag) => {
    const [, kind, rest] = /^(\w+)\s+(.*)$/s.exec(tag) ?? [];
    const flat = rest.replaceAll('\n', ' ');
    if (kind !== 'param') return `- ${kind}: ${flat}`;
    const [, parameter, meaning] = /^(\w+) (.*)$/s.exec(flat) ?? [];
    return `- \`${parameter}\`: ${meaning}`;
  });
  const end = about.trim() === '' ? '' : `${about.trim()}\n`;
  return listed.length === 0 ? end : `${end}\n${listed.join('\n')}\n`;
}
