import { copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { type TestHost, testHost } from '../../src/host.ts';
import { run } from '../../src/main.ts';
import { type Cli, emptyFolder, locationOf, shellWords } from './support.ts';

/** Records with all that a CSV file and a spreadsheet can trip over. */
const LINES = [
  'tph brand create LIFFEY --name Liffey --is-default',
  'tph capability create WAV',
  'tph capability create CHILD_SEAT',
  'tph group create SCHOOLS',
  'tph account create ACME --name "Acme, Ltd" --tag "a|b" --tag vip --city Dublin --key crm-1',
  'tph account create GONE --name "Soon deleted"',
  'tph account create A/B --name Slashed',
  'tph account create "C;D" --name Semicolon',
  'tph account create N/A --name Nothing',
  'tph customer create --first-name Ann --last-name Null --phone "085 012 3456" --email ann@example.org --tag "x|y" --account ACME --account "C;D" --account GONE --default-account GONE',
  'tph customer create --first-name =1+1 --last-name "\'=x" --email formula@example.org --notes "two,words"',
  'tph customer create --first-name -Bea --last-name "\'t Hooft" --phone "085 012 3457" --shared-phone --tag none',
  'tph customer create --first-name Cy --phone "085 012 3457" --shared-phone --capability WAV --brand LIFFEY --address "Home; city=Dublin"',
  'tph customer create --first-name Dee --phone "085 012 3458" --default-account N/A',
  'tph driver create D7 --first-name Ann --last-name Byrne --capability WAV --capability CHILD_SEAT',
  'tph driver create @D8 --first-name Bo --status SUSPENDED',
  'tph driver create none --first-name Nobody',
  'tph scp create SCP-1 --display-name "Aoife K." --guardian "085 012 3456" --guardian "085 012 3458" --date-of-birth 2015-04-02',
  'tph dept create --account ACME --name Sales --group SCHOOLS --primary-group SCHOOLS',
  'tph dept create --account ACME --name "North/South" --management-note "for two"',
  'tph dept create --account A/B --name Sales',
  'tph employee create --customer "085 012 3456" --account ACME --dept ACME/Sales',
  'tph dept update ACME/Sales --driver-note "=HYPERLINK"',
  'tph exclusion create "Bad Weather" --mode RUN_OFF --resume 20260201',
  'tph exclusion create Easter --start 2026-04-03 --end 2026-04-17',
  'tph recurring create SR-1 --name "School, out" --customer "085 012 3456" --scp SCP-1 --customer "085 012 3458" --time "08:15 MON-FRI" --time "15:30 MON,WED return until 2026-12-24" --account ACME --dept ACME/Sales',
  'tph recurring skip SR-1 --day 2026-03-17 --reason "a, holiday"',
  'tph recurring skip SR-1 --day 2026-03-18 --time 08:15 --reason once',
  'tph exclusion link "Bad Weather" SR-1',
  'tph exclusion link Easter SR-1 --time 15:30',
  'tph pref add --driver D7 --customer "085 012 3456" --mode HARD --priority 2 --expires 2026-06-30',
  'tph pref add --driver @D8 --customer "085 012 3458" --mode BLOCK --notes "=cmd"',
  'tph pref add --driver D7 --scp SCP-1 --mode HARD --expires 2026-03-29T00:30+00:00 --key ap-1',
  'tph pref add --driver none --scp SCP-1',
  'tph account delete GONE --yes',
] as const;

/** Makes a database with them in a folder. */
export async function makeTrickyShop(folder: string): Promise<void> {
  const made = ['tph init "Liffey Cars" --time-zone Europe/Dublin --country IE', ...LINES];
  for (const line of made) await runIn(folder, shellWords(line).slice(1));
}

/** The program on the database of a folder. */
export const hostIn = (folder: string): TestHost =>
  testHost({ cwd: folder, env: { HOME: folder, TPH_DB: join(folder, 'tph.db') } });

/**
 * A database that is made once for a file of tests, on a file. Each call gives a folder with a copy of it, which is on the
 * engine that these tests are about.
 */
export function copiesOf(make: (folder: string) => Promise<unknown>): () => Promise<Cli> {
  let made = '';
  beforeAll(async () => {
    made = mkdtempSync(join(tmpdir(), 'tph-export-'));
    await make(made);
  });
  afterAll(() => rmSync(made, { recursive: true, force: true }));
  return async () => {
    const cli = emptyFolder();
    for (const name of readdirSync(made)) copyFileSync(join(made, name), join(cli.folder, name));
    const [file, location] = [join(cli.folder, 'tph.db'), await locationOf(cli.folder)];
    if (location !== file) await runIn(cli.folder, ['db', 'copy', '--from', file, '--to', location, '--yes']);
    return cli;
  };
}

/** The example operator on a file of a folder. */
export const makeDemo = (folder: string): Promise<void> =>
  runIn(folder, ['demo', '--load', '--db', join(folder, 'tph.db')]);

async function runIn(folder: string, words: readonly string[]): Promise<void> {
  const host = hostIn(folder);
  const code = await run(['node', 'tph', ...words], host);
  if (code !== 0) throw new Error(`${words.join(' ')}: ${host.err()}`);
}
