import { invalid } from '../values/error.ts';
import { parseInstanceUrl } from '../values/instance-url.ts';
import { type Profile, parseProfileName } from '../values/profile.ts';
import { type TphCommand, wantedArgument } from './command.ts';
import type { CommandContext, Register } from './context.ts';
import { saidDryRun } from './dry-run.ts';
import { clientFacts } from './profile-facts.ts';
import type { Remotes } from './remotes.ts';
import { repeated } from './words.ts';

interface AddFlags {
  readonly url?: string;
  readonly timeZone?: string;
  readonly country?: string;
  readonly setting: readonly string[];
  readonly allowHttp?: true;
  readonly replace?: true;
}

/** `tph profile add|list|use|remove`: remote instances by names of the user's own (spec section 6). */
export const register: Register = (command, context) => {
  add(command, context);
  list(command, context);
  use(command, context);
  remove(command, context);
};

function add(command: TphCommand, context: CommandContext): void {
  wantedArgument(
    command
      .command('add')
      .description(
        'Name a remote instance, so that commands can work on it. Its token comes from `tph auth login`, or from TPH_TOKEN.',
      ),
    'name',
    'what to call it',
  )
    .option('--url <address>', 'where it is, such as https://tph.example.com')
    .option('--time-zone <zone>', 'of the client, where the instance does not say it')
    .option('--country <code>', 'of the client, where the instance does not say it')
    .option(
      '--setting <name=value>',
      'of the client, where the instance does not say it; repeat for more',
      repeated,
      [],
    )
    .option('--allow-http', 'send the token in clear to another machine')
    .option('--replace', 'put it in the place of a profile of that name')
    .examples([
      'tph profile add live --url https://tph.example.com --client G1',
      'tph profile add test --url http://127.0.0.1:8787',
    ])
    .action(async (given: string | undefined, flags: AddFlags) => {
      const { profiles } = await context.remotes();
      const name = parseProfileName(
        await context.need.text(given, { flag: '<name>', question: 'What to call it?', example: 'live' }),
      );
      const url = await context.need.text(flags.url, {
        flag: '--url',
        question: 'Where is it?',
        example: 'https://tph.example.com',
      });
      const profile: Profile = {
        name,
        url: parseInstanceUrl(url, flags.allowHttp === true),
        client: context.globals.client ?? null,
        ...clientFacts(flags),
      };
      const before = profiles.list().find((one) => one.name === name);
      const changed = JSON.stringify(before) !== JSON.stringify(profile);
      if (before !== undefined && changed && flags.replace !== true)
        throw invalid(
          `there is a profile \`${name}\` already, for ${before.url}`,
          'give --replace, or another name',
          [{ field: '<name>', value: name, message: 'is taken' }],
        );
      const { dryRun } = context.globals;
      if (changed && !dryRun) profiles.put(profile);
      await context.answer({
        value: { ...profile, changed, ...(dryRun ? { dryRun } : {}) },
        idOf: () => name,
        draw: (ink) => [
          changed
            ? `${ink.strong(name)} ${dryRun ? 'would be' : 'is'} ${profile.url}`
            : `${ink.strong(name)} is ${profile.url} already`,
        ],
      });
      if (dryRun && changed) return saidDryRun(context);
      await context.note(`next: tph auth login --profile ${name}`);
    });
}

function list(command: TphCommand, context: CommandContext): void {
  command
    .command('list')
    .alias('ls')
    .description('List the profiles, and which one is in use.')
    .examples(['tph profile list', 'tph profile list -o json'])
    .action(async () => {
      const remotes = await context.remotes();
      const inUse = remotes.profiles.inUse();
      const rows = remotes.profiles.list().map((profile) => ({
        name: profile.name,
        url: profile.url,
        client: profile.client,
        inUse: profile.name === inUse,
        signedIn: hasToken(remotes, profile),
      }));
      const columns = [
        { name: 'name' },
        { name: 'url' },
        { name: 'client' },
        { name: 'inUse', title: 'in use', text: (row: (typeof rows)[number]) => (row.inUse ? 'yes' : '') },
        {
          name: 'signedIn',
          title: 'signed in',
          text: (row: (typeof rows)[number]) => (row.signedIn ? 'yes' : 'no'),
        },
      ];
      await context.answer({
        value: rows,
        fields: columns.map(({ name }) => name),
        idOf: (row: (typeof rows)[number]) => row.name,
        draw: () =>
          rows.length === 0 ? ['there are no profiles yet'] : [{ columns: columns as never, rows }],
      });
    });
}

/** A token that may not be used, and why, is for `tph auth status` to say. */
function hasToken(remotes: Remotes, profile: Profile): boolean {
  try {
    return remotes.tokens.find(profile) !== undefined;
  } catch {
    return false;
  }
}

function use(command: TphCommand, context: CommandContext): void {
  wantedArgument(
    command.command('use').description('Have commands work on a profile when they are told nothing else.'),
    'name',
    'profile; none for the database again',
  )
    .examples(['tph profile use live', 'tph profile use none'])
    .action(async (given: string | undefined) => {
      const { profiles } = await context.remotes();
      const names = ['none', ...profiles.list().map(({ name }) => name)];
      const name =
        given ??
        (await context.need.choice(given, { flag: '<name>', question: 'Which profile?', choices: names }));
      const wanted = name === 'none' ? undefined : profiles.get(name).name;
      const changed = profiles.inUse() !== wanted;
      const { dryRun } = context.globals;
      if (changed && !dryRun) profiles.use(wanted);
      await context.answer({
        value: { inUse: wanted ?? null, changed, ...(dryRun ? { dryRun } : {}) },
        idOf: () => wanted ?? 'none',
        draw: (ink) => [useText(wanted === undefined ? undefined : ink.strong(wanted), dryRun && changed)],
      });
      if (dryRun && changed) return saidDryRun(context);
      const first = ['TPH_PROFILE', 'TPH_DB'].find((variable) => context.host.env[variable]);
      if (first !== undefined && wanted !== undefined) await context.warn(`${first} is set, and comes first`);
    });
}

const useText = (name: string | undefined, would: boolean): string =>
  `${name ?? 'no profile'} ${would ? 'would be' : 'is'} in use`;

function remove(command: TphCommand, context: CommandContext): void {
  wantedArgument(
    command.command('remove').alias('rm').description('Forget a profile and its token.'),
    'name',
    'profile',
  )
    .examples(['tph profile remove test'])
    .action(async (given: string | undefined) => {
      const { profiles, tokens } = await context.remotes();
      const name = await context.need.text(given, {
        flag: '<name>',
        question: 'Which profile?',
        example: 'test',
      });
      const profile = profiles.get(name);
      const { dryRun } = context.globals;
      if (!dryRun) {
        tokens.forget(name);
        profiles.remove(name);
      }
      await context.answer({
        value: { ...profile, removed: true, ...(dryRun ? { dryRun } : {}) },
        idOf: () => name,
        draw: (ink) => [`${dryRun ? 'would forget' : 'forgot'} ${ink.strong(name)}, ${profile.url}`],
      });
      if (dryRun) await saidDryRun(context);
    });
}
