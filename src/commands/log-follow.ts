import { setTimeout as sleep } from 'node:timers/promises';
import type { AuditEvent, LogInput } from '../contract/log.ts';
import type { Ink } from '../terminal/answer.ts';
import { EndedByHand, write } from '../terminal/stream.ts';
import { invalid } from '../values/error.ts';
import type { CommandContext } from './context.ts';
import { columnsFor, EVENT_FIELDS, readEvents } from './log-events.ts';
import { storyTeller } from './log-story.ts';

/** How many events are shown before those to come, where neither --limit nor --since says. */
const BEFORE = 10;
const PAUSE_MS = 500;

/**
 * Prints events, oldest first, and goes on with those that happen from then on, until it is interrupted or nobody
 * reads any more. Ids grow with every change that is committed, so none is missed and none comes twice.
 */
export async function followLog(
  context: CommandContext,
  input: LogInput,
  limit: number | undefined,
): Promise<void> {
  const { output, fields, color } = context.globals;
  if (output === 'json')
    throw invalid('--follow never ends, and JSON is one value', 'give -o jsonl, a line for each event', [
      { field: '--output', message: '--follow never ends, and JSON is one value' },
    ]);
  if (input.until !== undefined)
    throw invalid('--follow and --until exclude each other', 'leave out --until', [
      { field: '--until', message: '--follow and --until exclude each other' },
    ]);
  await context.expectFields(EVENT_FIELDS);
  const ended = context.interruption();
  const { timeZone } = await context.clock();
  const [{ render }, { inkFor }] = await Promise.all([
    import('../terminal/render.ts'),
    import('../terminal/ink.ts'),
  ]);
  const { stdout, env } = context.host;
  const ink = async (): Promise<Ink> => inkFor(stdout, env, color);
  const tell = storyTeller(timeZone);
  let isFirst = true;
  const print = async (events: readonly AuditEvent[]): Promise<void> => {
    const value = [...events].reverse();
    const text = await render(
      {
        value,
        columns: columnsFor(timeZone),
        fields: EVENT_FIELDS,
        draw: (own) => value.flatMap((event) => tell(event, own)),
      },
      output,
      fields,
      ink,
    );
    // The header stands once.
    await write(stdout, output === 'csv' && !isFirst ? text.slice(text.indexOf('\r\n') + 2) : text);
    isFirst = false;
  };
  const most = limit ?? (input.since === undefined ? BEFORE : undefined);
  let { events } = await readEvents(context, input, most);
  await print(events);
  let last = events[0]?.id;
  while (!ended.aborted) {
    await sleep(PAUSE_MS, undefined, { signal: ended }).catch(() => {});
    if (ended.aborted) break;
    ({ events } = await readEvents(context, { ...input, ...(last === undefined ? {} : { after: last }) }));
    if (events.length > 0) await print(events);
    last = events[0]?.id ?? last;
  }
  throw new EndedByHand();
}
