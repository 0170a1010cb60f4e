import type { OutputStream } from '../host.ts';

/** Columns of a terminal, 80 where it is not one. */
export const widthOf = (stream: OutputStream): number =>
  stream.isTTY === true && stream.columns !== undefined && stream.columns > 0 ? stream.columns : 80;
