import type { Database, Queries } from '../../db/database.ts';
import { TphError } from '../../values/error.ts';

class Given extends Error {}

/** A transaction that is held over several calls. Nobody else can write meanwhile. */
export interface Held {
  readonly queries: Queries;
  /** Commits, or throws what the database said. */
  commit(): Promise<void>;
  /** Gives up: nothing was ever written. */
  rollBack(): Promise<void>;
}

/** Begins a transaction that lasts until it is committed or rolled back. */
function holdTransaction(begin: (work: (queries: Queries) => Promise<void>) => Promise<void>): Promise<Held> {
  return new Promise((resolve, reject) => {
    let end: (error?: Error) => void = () => {};
    const ended = new Promise<void>((done, fail) => {
      end = (error) => (error === undefined ? done() : fail(error));
    });
    let isTaken = false;
    const whole = begin((queries) => {
      // What was done in it before cannot be done again from here.
      if (isTaken)
        throw new TphError('CONFLICT', 'another program stood in the way; nothing was changed', {
          hint: 'run the command again',
        });
      isTaken = true;
      resolve({
        queries,
        commit: async () => {
          end();
          await whole;
        },
        rollBack: async () => {
          end(new Given('given up'));
          await whole.catch((error: unknown) => {
            if (!(error instanceof Given)) throw error;
          });
        },
      });
      return ended;
    });
    whole.catch(reject);
  });
}

export const holdWriting = (database: Database): Promise<Held> =>
  holdTransaction((work) => database.write(work));
