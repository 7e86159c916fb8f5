// Looks for known vulnerabilities and for licences that are not allowed, in the packages that Curator needs at run time.
// Exit codes: 0 nothing was found, 1 something was found, 2 the registry did not answer, so vulnerabilities were not checked.
import { spawnSync } from 'node:child_process';
import { checkLicences } from './licences.mjs';

const FOUND = 1;
const NOT_CHECKED = 2;

const codes = [auditLicences(), auditVulnerabilities()];
process.exitCode = codes.includes(FOUND) ? FOUND : Math.max(...codes);

function auditLicences() {
  const { packages, problems } = checkLicences(process.cwd());
  for (const problem of problems) say(`licences: ${problem}`);
  if (problems.length === 0) say(`licences: all ${packages} packages have allowed licences`);
  else say('licences: replace these packages, or add the licence to scripts/licences.mjs if it may be used.');
  return problems.length === 0 ? 0 : FOUND;
}

function auditVulnerabilities() {
  const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--json'], {
    encoding: 'utf8',
    maxBuffer: 1e9,
  });
  const report = parsed(stdout);
  if (!report?.vulnerabilities) {
    say(`vulnerabilities: not checked: ${report?.message ?? 'npm audit gave no result'}`);
    return NOT_CHECKED;
  }
  const found = Object.values(report.vulnerabilities);
  for (const { name, severity, via, fixAvailable } of found) {
    // Strings name the dependency that has the vulnerability.
    const reasons = via.map((one) => (typeof one === 'string' ? `uses ${one}` : `${one.title} (${one.url})`));
    const fix = fixAvailable ? 'A fix is available.' : 'No fix is known.';
    say(`vulnerabilities: ${name}, ${severity}: ${reasons.join('; ')}. ${fix}`);
  }
  if (found.length === 0) say('vulnerabilities: none are known');
  else
    say(
      'vulnerabilities: run `npm audit fix --omit=dev` if a fix is available; otherwise replace the packages.',
    );
  return found.length === 0 ? 0 : FOUND;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function say(line) {
  process.stdout.write(`${line}\n`);
}
