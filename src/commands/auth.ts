import type { ActiveClient } from '../contract/api.ts';
import type { InputStream } from '../host.ts';
import { invalid, TphError } from '../values/error.ts';
import { isToken, type Profile } from '../values/profile.ts';
import type { TphCommand } from './command.ts';
import type { CommandContext, Register } from './context.ts';
import { saidDryRun } from './dry-run.ts';
import { missing } from './need.ts';

/** `tph auth login|status|logout`: the token for a remote instance (spec section 6). */
export const register: Register = (command, context) => {
  login(command, context);
  status(command, context);
  logout(command, context);
};

function login(command: TphCommand, context: CommandContext): void {
  command
    .command('login')
    .description(
      'Keep the token for a profile; it is read from stdin, as in `tph auth login --profile live < token.txt`, or asked for. Where nothing may be kept, put it into TPH_TOKEN instead.',
    )
    .examples(['tph auth login --profile live', 'tph auth login'])
    .action(async () => {
      const { current, tokens, clientOf } = await context.remotes();
      const profile = current();
      const token = await wantToken(context, profile);
      const client = await clientOf(profile, token);
      const { dryRun } = context.globals;
      if (!dryRun) tokens.keep(profile, token);
      const kept = dryRun ? 'would keep' : 'kept';
      await context.answer({
        value: {
          profile: profile.name,
          url: profile.url,
          client,
          file: tokens.file,
          ...(dryRun ? { dryRun } : {}),
        },
        idOf: () => profile.name,
        draw: (ink) => [
          `${ink.good('signed in')} to ${profile.url}${forClient(client)}`,
          ink.dim(`the token is ${kept} in ${tokens.file}`),
        ],
      });
      if (dryRun) return saidDryRun(context);
      if (context.host.env['TPH_TOKEN']) await context.warn('TPH_TOKEN is set, and comes first');
    });
}

function status(command: TphCommand, context: CommandContext): void {
  command
    .command('status')
    .description(
      'Say whether there is a token for a profile, in TPH_TOKEN or kept, and whether the instance takes it.',
    )
    .examples(['tph auth status --profile live', 'tph auth status --exit-code'])
    .action(async () => {
      const { current, tokens, clientOf } = await context.remotes();
      const profile = current();
      const found = tokens.find(profile);
      const answer =
        found === undefined ? undefined : await clientOf(profile, found.token).catch(unknownToken);
      const signedIn = answer !== undefined;
      if (!signedIn) context.answerIsNo();
      const value = {
        profile: profile.name,
        url: profile.url,
        signedIn,
        tokenFrom: found?.from ?? null,
        client: answer ?? null,
      };
      const from = found?.from === 'file' ? tokens.file : 'TPH_TOKEN';
      await context.answer({
        value,
        idOf: () => profile.name,
        draw: (ink) =>
          signedIn
            ? [
                `${ink.good('signed in')} to ${profile.url}${forClient(answer)}`,
                ink.dim(`the token is from ${from}`),
              ]
            : [
                `${ink.bad('not signed in')} to ${profile.url}`,
                found === undefined
                  ? 'there is no token'
                  : `the token from ${from} is not known there, or has expired`,
              ],
      });
    });
}

function logout(command: TphCommand, context: CommandContext): void {
  command
    .command('logout')
    .description('Forget the token for a profile; it stays valid until it is revoked.')
    .examples(['tph auth logout --profile live'])
    .action(async () => {
      const { current, tokens } = await context.remotes();
      const profile = current();
      const { dryRun } = context.globals;
      const changed = dryRun ? tokens.find(profile)?.from === 'file' : tokens.forget(profile.name);
      await context.answer({
        value: { profile: profile.name, changed, ...(dryRun ? { dryRun } : {}) },
        idOf: () => profile.name,
        draw: () => [
          changed ? `the token for ${profile.url} is forgotten` : `there was no token for ${profile.url}`,
        ],
      });
      if (dryRun && changed) return saidDryRun(context);
      if (context.host.env['TPH_TOKEN']) await context.warn('TPH_TOKEN is set, and still used');
    });
}

const forClient = (client: ActiveClient | null): string =>
  client === null ? '' : ` for ${client.name} (${client.id})`;

function unknownToken(error: unknown): undefined {
  if (error instanceof TphError && error.code === 'NOT_SIGNED_IN') return undefined;
  throw error;
}

/** Never from the command line, where other users of the machine could read it. */
async function wantToken(context: CommandContext, profile: Profile): Promise<string> {
  const wanted = { flag: 'stdin', question: `Token for ${profile.url}?` };
  const { stdin } = context.host;
  const text =
    stdin.isTTY === true
      ? await context.need.text(undefined, { ...wanted, hidden: true })
      : await lineOf(stdin);
  const token = text.trim();
  if (token === '') throw missing({ ...wanted, flag: 'the token on stdin' });
  if (isToken(token)) return token;
  throw invalid(
    'what was given is no token',
    'a token is one line of printable characters, as `tph token create` showed it',
    [{ field: 'stdin', message: 'is no token' }],
  );
}

const LONGEST = 8192;

async function lineOf(stdin: InputStream): Promise<string> {
  let text = '';
  for await (const chunk of stdin) {
    text += String(chunk);
    if (text.length > LONGEST) break;
  }
  return text;
}
