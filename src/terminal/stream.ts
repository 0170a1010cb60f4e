import type { OutputStream } from '../host.ts';

/** The reader of stdout has gone away: nothing more can be said, and nothing is wrong. */
export class ClosedPipe extends Error {}

/** What goes on until it is interrupted was: it ends with 130, and nothing more is to be said. */
export class EndedByHand extends Error {}

/** Writes text and waits until the system has taken every byte. Throws `ClosedPipe` when nobody reads any more. */
export function write(stream: OutputStream, text: string): Promise<void> {
  if (text === '') return Promise.resolve();
  return new Promise((resolve, reject) => {
    stream.write(text, (error?: Error | null) => {
      if (error == null) resolve();
      else reject(isClosed(error) ? new ClosedPipe() : error);
    });
  });
}

/** Writes what a person is told besides: where nobody listens, nothing is lost, and the command goes on. */
export async function tell(stream: OutputStream, text: string): Promise<void> {
  await write(stream, text).catch(() => {});
}

/** Waits until the system has taken all that was written before. */
export const drained = (stream: OutputStream): Promise<void> =>
  new Promise((resolve) => {
    stream.write('', () => resolve());
  });

/** Keeps a reader that has gone away from ending the program with a stack trace; the returned function stops that. */
export function guardPipe(stream: OutputStream): () => void {
  // The failed write itself reports the error to whoever waits for it.
  const ignore = () => {};
  stream.on('error', ignore);
  return () => stream.off('error', ignore);
}

const isClosed = (error: Error): boolean =>
  'code' in error &&
  (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED' || error.code === 'EOF');
