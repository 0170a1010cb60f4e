import type { ImportRun } from '../contract/bulk.ts';
import { invalid, quote } from '../values/error.ts';
import { type Id, parseId } from '../values/id.ts';
import type { CommandContext } from './context.ts';

type State = readonly [text: string, ink: 'good' | 'bad' | 'warn' | 'dim'];

/** What the state of a run is called, and how it is coloured: one that can be gone on with is interrupted. */
export const stateOf = (run: ImportRun): State => STATES[isOpen(run) ? 'INTERRUPTED' : run.state];

const STATES: Readonly<Record<ImportRun['state'], State>> = {
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
  return context.call('import.get', { ref: await runRef(given, context) }, { flags: { ref: '<run>' } });
}

/** The id of the run that an argument names. Throws INVALID for what is none. */
export async function runRef(given: string | undefined, context: CommandContext): Promise<Id> {
  return runId(await context.need.text(given, { flag: '<run>', question: 'Which run?', example: 'G123' }));
}

/** Throws INVALID for what is no id. */
function runId(text: string): Id {
  const id = parseId(text);
  if (id !== undefined) return id;
  const message = `${quote(text)} is no run`;
  const hint = 'list them with `tph import runs`; a run is named by its id, such as G123';
  throw invalid(message, hint, [{ field: '<run>', value: text.slice(0, 200), message, hint }]);
}
