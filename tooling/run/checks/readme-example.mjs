import { existsSync, readFileSync } from 'node:fs';

/**
 * The first fenced `js` block of a README and the `text` block that follows it: the program and what it prints.
 * Undefined where a README has none.
 *
 * @throws {Error} When the program has no output block.
 */
export function exampleOf(file) {
  if (!existsSync(file)) return undefined;
  return exampleIn(readFileSync(file, 'utf8'), file);
}

export function exampleIn(text, name) {
  const code = /^```js\n([\s\S]*?)^```$/m.exec(text);
  if (code === null) return undefined;
  const output = /^```text\n([\s\S]*?)^```$/m.exec(text.slice(code.index + code[0].length));
  if (output === null) throw new Error(`${name}: the js example is not followed by a text block with its output`);
  return { code: code[1], output: output[1] };
}
