import type { Json } from '@tesserae/core';

/** What is known about a file, in the order in which it is shown. */
export type Facts = Readonly<Record<string, Json>>;

/** Longer lists are cut for people; `--json` has all of them. */
const shownItems = 12;

/** One line for each fact; items of a list below each other. */
export function factLines(facts: Facts): readonly string[] {
  const width = Math.max(...Object.keys(facts).map((title) => words(title).length));
  return Object.entries(facts).flatMap(([title, value]) =>
    linesOf(value).map((text, index) => `${(index === 0 ? words(title) : '').padEnd(width)}  ${text}`.trimEnd()),
  );
}

function linesOf(value: Json): readonly string[] {
  if (!Array.isArray(value)) return [textOf(value)];
  const items = value as readonly Json[];
  const shown = items.slice(0, shownItems).map(textOf);
  if (items.length === 0) return ['none'];
  return items.length > shownItems ? [...shown, `… ${items.length - shownItems} more (--json lists all)`] : shown;
}

/** Objects become `key value` pairs, lists `a, b`. */
function textOf(value: Json): string {
  if (Array.isArray(value)) return (value as readonly Json[]).map(textOf).join(', ');
  if (value === null) return 'none';
  if (typeof value !== 'object') return String(value);
  return Object.entries(value)
    .map(([key, inner]) => `${words(key)} ${nested(inner)}`)
    .join(', ');
}

function nested(value: Json): string {
  return value !== null && typeof value === 'object' ? `[${textOf(value)}]` : String(value);
}

/** `payloadBits` as `payload bits`. */
function words(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
