import type { ImportRun } from '../contract/bulk.ts';
import { invalid, quote } from '../values/error.ts';
import { type Id, parseId } from '../values/id.ts';
import type { CommandContext } from './context.ts';

/** What a state is called, and how it is coloured. */
export const STATES: Readonly<
  Record<ImportRun['state'], readonly [text: string, ink: 'good' | 'bad' | 'warn' | 'dim']>
> = {
  DONE: ['done', 'good'],
  REJECTED: ['rejected', 'bad'],
  INTERRUPTED: ['interrupted', 'warn'],
  ABANDONED: ['given up', 'warn'],
  UNDONE: ['undone', 'dim'],
  PARTLY_UNDONE: ['partly undone', 'warn'],
};

/** Whether a run can be gone on with; of an atomic one nothing is there to go on from. */
export const isOpen = ({ state, mode }: ImportRun): boolean =>
  mode === 'partial' && (state === 'INTERRUPTED' || state === 'ABANDONED');

/** The run that an argument names. */
export async function readRun(given: string | undefined, context: CommandContext): Promise<ImportRun> {
  const text = await context.need.text(given, { flag: '<run>', question: 'Which run?', example: 'G123' });
  return context.call('import.get', { ref: runId(text) }, { flags: { ref: '<run>' } });
}

/** Throws INVALID for what is no id. */
function runId(text: string): Id {
  const id = parseId(text);
  if (id !== undefined) return id;
  const message = `${quote(text)} is no run`;
  const hint = 'list them with `tph import runs`; a run is named by its id, such as G123';
  throw invalid(message, hint, [{ field: '<run>', value: text.slice(0, 200), message, hint }]);
}
