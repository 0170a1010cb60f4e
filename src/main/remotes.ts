import type { Globals } from '../commands/globals.ts';
import type { Remotes } from '../commands/remotes.ts';
import { Credentials } from '../config/credentials.ts';
import type { Launch } from '../config/launch.ts';
import { ProfileFile } from '../config/profiles.ts';
import type { Store } from '../contract/database.ts';
import type { Host } from '../host.ts';
import type { Instance } from '../remote/instance.ts';
import { invalid } from '../values/error.ts';
import type { Profile } from '../values/profile.ts';

/** What a run of the program has for the network. */
export interface Wiring {
  readonly host: Host;
  readonly globals: Globals;
  readonly launched: Launch;
  readonly version: string;
  /** Ends what is under way when the run ends. */
  readonly signal: AbortSignal;
  readonly note: (text: string) => void;
}

/** The instance that the command line names, as a place where data is kept. */
export async function remoteStore(wiring: Wiring, name: string): Promise<Store> {
  const { env } = wiring.host;
  const profile = new ProfileFile(env).get(name);
  const tokens = new Credentials(env);
  const { openRemote } = await import('../remote/open-remote.ts');
  return openRemote(instanceOf(wiring, profile, () => tokens.token(profile)));
}

/** Profiles, tokens and raw calls, for the commands that are about them. */
export function remotes(wiring: Wiring): Remotes {
  const { env } = wiring.host;
  const profiles = new ProfileFile(env);
  const tokens = new Credentials(env);
  return {
    profiles,
    tokens,
    current: () => {
      const { profile } = wiring.launched;
      if (profile !== undefined) return profiles.get(profile);
      const names = profiles.list().map(({ name }) => name);
      const hint =
        names.length > 0
          ? `give --profile or TPH_PROFILE: ${names.join(', ')}`
          : 'make one with `tph profile add <name> --url <url>`';
      throw invalid('which profile?', hint, [
        { field: '--profile', message: '--profile is missing', hint, missing: true },
      ]);
    },
    clientOf: async (profile, token) => {
      const { clientOfToken } = await import('../remote/raw-call.ts');
      return clientOfToken(instanceOf(wiring, profile, () => token));
    },
    send: async (profile, request) => {
      const { rawCall } = await import('../remote/raw-call.ts');
      return rawCall(
        instanceOf(wiring, profile, () => tokens.token(profile)),
        request,
      );
    },
  };
}

function instanceOf(
  { host, globals, launched, version, signal, note }: Wiring,
  profile: Profile,
  token: () => string,
): Instance {
  const sendsClock = launched.moments.length > 0;
  const tell = host.stderr.isTTY === true || globals.verbose ? note : undefined;
  return { profile, token, programVersion: version, actor: globals.actor, sendsClock, signal, note, tell };
}
