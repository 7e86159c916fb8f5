import type { Command } from 'commander';
import { readSettings } from '../../config/read-settings.js';
import { SETTING_NAMES, SETTINGS } from '../../config/settings.js';
import { helpEnd } from '../output/exit-codes.js';
import { printLine } from '../output/terminal.js';
import { addSettings, settingFlags, textOf } from '../settings-options.js';

export function registerConfig(program: Command): void {
  const command = program
    .command('config')
    .description('print each setting with its value and its source')
    .option('--json', 'print one JSON document: {name: {variable, value, source}}');
  addSettings(command, 'all')
    .addHelpText(
      'after',
      `\nPrecedence: flag, variable, curator.config.json (or the file that CURATOR_CONFIG names), default.\n${helpEnd('VAL_SPLIT=0.2 curator config')}`,
    )
    .action(config);
}

function config({ json, ...options }: { json?: boolean } & Record<string, unknown>): void {
  const { dataset, run, sources } = readSettings(settingFlags(options));
  const values = { ...dataset, ...run };
  const rows = SETTING_NAMES.map((name) => {
    const { variable } = SETTINGS[name];
    return { name, variable, value: values[name] ?? null, source: sources[name] };
  });
  const document = Object.fromEntries(rows.map(({ name, ...row }) => [name, row]));
  const lines = rows.map(
    ({ variable, value, source }) => `${variable.padEnd(24)} ${textOf(value).padEnd(10)} ${source}`,
  );
  printLine(json ? JSON.stringify(document) : lines.join('\n'));
}
