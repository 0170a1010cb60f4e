import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseAdmin, NewClient } from '../contract/database.ts';
import { TphError } from '../values/error.ts';
import type { CommandContext, Register } from './context.ts';
import { exampleClient, exampleFolder, loadExample } from './demo/load.ts';
import { DEMO_CLOCK, next, scenes } from './demo/story.ts';
import { saidDryRun } from './dry-run.ts';
import { wouldCreate } from './init.ts';
import { shellWord } from './words.ts';

/** The story end to end on a throwaway database (spec section 5). */
export const register: Register = (command, context) => {
  command
    .option('--load', 'only load the example operator, into the database of --db, which must be new')
    .examples(['tph demo', 'tph demo --load --db ./liffey.db'])
    .action(async (flags: { readonly load?: true }) => (flags.load ? load(context) : tell(context)));
};

async function load(context: CommandContext): Promise<void> {
  const folder = exampleFolder();
  const { settings, ...client } = exampleClient(folder);
  const admin = await context.admin();
  if (context.globals.dryRun) return wouldLoad(admin, client, context);
  const { location } = await admin.create(client);
  const api = await context.api();
  await api.call('settings.set', { settings });
  const counts = await loadExample(api, folder, await context.clock());
  const listed = Object.entries(counts).map(([plural, count]) => `${count} ${plural}`);
  await context.answer({
    value: { location, client: api.client, counts },
    draw: (ink) => [
      `${ink.strong(client.name)}, a made-up operator in Dublin: ${listed.join(', ')}`,
      ink.dim(location),
    ],
  });
}

async function wouldLoad(admin: DatabaseAdmin, client: NewClient, context: CommandContext): Promise<void> {
  const value = await wouldCreate(admin, client);
  await context.answer({
    value,
    isReport: true,
    draw: (ink) => [
      `would load ${ink.strong(client.name)}, a made-up operator in Dublin, into ${value.location ?? 'a new database'}`,
    ],
  });
  await saidDryRun(context);
}

async function tell(context: CommandContext): Promise<void> {
  const location = join(mkdtempSync(join(tmpdir(), 'tph-demo-')), 'tph.db');
  const env = { TPH_DB: location, TPH_NOW: DEMO_CLOCK, TPH_CLIENT: undefined, TPH_PROFILE: undefined };
  if (context.globals.output !== 'table') return loadOnly(context, env);
  await say(context, [
    'An operator is loaded',
    'Nothing of it is yours: the database is new, and may be thrown away.',
  ]);
  await run(context, ['demo', '--load'], env);
  for (const scene of scenes) {
    await say(context, [scene.title, scene.tells]);
    for (const words of scene.commands) await run(context, words, env);
  }
  await say(context, ['Your turn', 'Point this shell at the demo, and try:']);
  const program = context.host.env['TPH_PROGRAM'];
  await context.answer({
    value: null,
    draw: () => [
      ...(program === undefined ? [] : [`  alias tph=${shellWord(program)}`]),
      `  export TPH_DB=${shellWord(location)} TPH_NOW=${DEMO_CLOCK}`,
      ...next.map((words) => `  ${line(words)}`),
    ],
  });
}

/** For programs: the same database, without the story. */
async function loadOnly(
  context: CommandContext,
  env: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  await run(context, ['demo', '--load', '--output', context.globals.output], env, false);
}

const line = (words: readonly string[]): string => ['tph', ...words.map(shellWord)].join(' ');

async function say(context: CommandContext, [title, tells]: readonly [string, string]): Promise<void> {
  await context.answer({
    value: null,
    draw: (ink) => ['', ink.accent(`━━ ${title} `.padEnd(Math.min(ink.width, 80), '━')), tells],
  });
}

async function run(
  context: CommandContext,
  words: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  shown = true,
): Promise<void> {
  if (shown)
    await context.answer({ value: null, draw: (ink) => ['', ink.dim('$ ') + ink.strong(line(words)), ''] });
  const flags = context.globals.color ? [] : ['--no-color'];
  const code = await context.run([...words, ...flags], env);
  if (code !== 0)
    throw new TphError('INTERNAL', `\`${line(words)}\` ended with ${code}`, { hint: 'run `tph demo` again' });
}
