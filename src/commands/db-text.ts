import type { DatabaseStatus } from '../contract/database.ts';
import { definitionOf, objectTypes } from '../records/registry.ts';
import { counted } from './words.ts';

/** How many live records of each kind there are: `2 drivers, 1 customer`; empty for none. */
export function recordsText(records: DatabaseStatus['records']): string {
  return objectTypes
    .filter((type) => (records[type] ?? 0) > 0)
    .map((type) => {
      const { title, plural } = definitionOf(type);
      const count = records[type] ?? 0;
      return counted(count, title, plural);
    })
    .join(', ');
}

/** `3.2 MiB`. */
export function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const [size, unit] =
    bytes < 1024 ** 2
      ? [bytes / 1024, 'KiB']
      : bytes < 1024 ** 3
        ? [bytes / 1024 ** 2, 'MiB']
        : [bytes / 1024 ** 3, 'GiB'];
  return `${size.toFixed(1)} ${unit}`;
}
