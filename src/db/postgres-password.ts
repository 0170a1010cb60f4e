import { Writable } from 'node:stream';
import type { ClientConfig } from 'pg';
import { TphError } from '../values/error.ts';

/**
 * The password that `~/.pgpass` has for a connection, asked for when the server wants one and neither the URL nor
 * `PGPASSWORD` gives it. The driver would look there too, but warn of it. UNAVAILABLE where there is none.
 */
export async function passwordFromFile(connection: ClientConfig, shown: string): Promise<string> {
  const { default: lookUp } = await import('pgpass');
  let isRefused = false;
  // It warns of a file that it does not use.
  lookUp.warnTo(
    new Writable({
      write: (_text, _encoding, done) => {
        isRefused = true;
        done();
      },
    }),
  );
  const { host, port, database, user } = connection;
  const password = await new Promise<string | undefined>((resolve) => {
    lookUp(
      {
        ...(host === undefined ? {} : { host }),
        ...(port === undefined ? {} : { port }),
        ...(database === undefined ? {} : { database }),
        ...(user === undefined ? {} : { user }),
      },
      resolve,
    );
  });
  if (password !== undefined) return password;
  throw new TphError('UNAVAILABLE', `\`${shown}\` asks for a password, and none is known`, {
    hint: isRefused
      ? 'others may read ~/.pgpass, so it is not used: chmod 600 ~/.pgpass'
      : 'give it in PGPASSWORD or ~/.pgpass (host:port:database:user:password), or within --db',
  });
}
